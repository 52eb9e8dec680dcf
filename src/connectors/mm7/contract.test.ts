import type { TestContext } from 'node:test'
import { findDialect } from '../../dialects/index.ts'
import { closedPort } from '../../transports/http/testing/raw-http.ts'
import { describeConnector, type SeenRequest } from '../connector.suite.ts'
import type { RelayAnswer, RelayBehaviour } from './behaviour.ts'
import { createMm7Connector } from './connector.ts'
import { openMm7Emulator } from './emulator.ts'
import { upstreamAt } from './testing/attempt.ts'

const SECRETS = ['the-key-of-our-account', 'the-password-of-our-account']
const [vaspId = '', password = ''] = SECRETS

const answering = (answer: RelayAnswer): RelayBehaviour => ({ answer, reports: [] })
const code = (number: number, text: string) => answering({ kind: 'code', code: number, text })
const TAKES = answering({ kind: 'code', code: 1000 })

function connectorTo(t: TestContext, url: string) {
  const upstream = upstreamAt(url, { vaspId, basic: { user: 'us', password } })
  const connector = createMm7Connector('upstream', upstream, {
    now: () => 0,
    findRow: (dialect, wanted) =>
      findDialect(dialect)?.surfaces[0]?.codes.find((row) => row.code === wanted),
    onLinkRefused: () => undefined,
    crashPoint: () => undefined,
  })
  t.after(() => connector.close())
  return connector
}

describeConnector<RelayBehaviour>('the way out to an upstream MMSC', {
  async open(t) {
    const seen: SeenRequest[] = []
    let behaviour = TAKES
    const relay = await openMm7Emulator({
      host: '127.0.0.1',
      port: 0,
      behaviourOf: () => behaviour,
      keepBodies: true,
      after: (ms, callback) => void setTimeout(callback, ms),
      now: () => 0,
      onSubmit: ({ transactionId = '', request }) =>
        void seen.push({ id: transactionId, parts: request.parts.map(({ bytes }) => bytes) }),
    })
    t.after(() => relay.close())
    return {
      connector: connectorTo(t, relay.url),
      play: (next) => {
        behaviour = next
      },
      seen,
    }
  },
  openAlone: async (t) => connectorTo(t, `http://127.0.0.1:${await closedPort()}/mm7`),
  takes: TAKES,
  late: (answerAfterMs) => ({ ...TAKES, answerAfterMs }),
  silent: answering({ kind: 'silence' }),
  breaksAfter: answering({ kind: 'drop', at: 'end' }),
  // biome-ignore format: a table
  replies: [
    ['2002',                  code(2002, 'Address error'),                            'rejected', 'recipient-unknown', /2002.*Address error/],
    ['2004',                  code(2004, 'Multimedia refused'),                       'rejected', 'content-refused',   /2004.*Multimedia refused/],
    ['4006',                  code(4006, 'Service unavailable'),                      'deferred', 'carrier-busy',      /4006.*Service unavailable/],
    ['HTTP 503',              answering({ kind: 'http', status: 503, body: 'Later' }), 'deferred', 'carrier-busy',      /503.*Later/],
    ['a success in no words', answering({ kind: 'http', status: 200, body: 'thanks' }), 'unknown',  'response-missing', /thanks/],
  ],
  secrets: SECRETS,
})
