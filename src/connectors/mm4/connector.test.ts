import type { TestContext } from 'node:test'
import type { Mm4Carrier } from '../../core/carrier.ts'
import { closedPort } from '../../transports/http/testing/raw-http.ts'
import { createSmtpPeers } from '../../transports/smtp/peers.ts'
import { describeConnector, type SeenRequest } from '../connector.suite.ts'
import type { CarrierBehaviour, EmulatedLine } from './behaviour.ts'
import { createMm4Connector } from './connector.ts'
import { openMm4Emulator } from './emulator.ts'

const TAKES: CarrierBehaviour = { response: 'Ok', responseAfterMs: 0, reports: [] }
const line = (how: EmulatedLine): CarrierBehaviour => ({ ...TAKES, line: how })
const replies = (at: 'rcpt' | 'dot', code: number, text: string) => line({ at, code, text })

function carrierAt(port: number): Mm4Carrier {
  return {
    name: 'north',
    title: 'Northern carrier',
    enabled: true,
    ids: [],
    mm4: {
      host: '127.0.0.1',
      port,
      domain: 'mms.north.example',
      tls: 'off',
      fromAddresses: [],
      version: '6.10.0',
      ackRequest: true,
      sendsReports: true,
      dropsDuplicates: true,
      connections: 4,
      attemptsMax: 3,
      retryDelayMsMin: 1000,
      retryDelayMsMax: 1000,
      attemptTimeoutMs: 5000,
      responseTimeoutMs: 5000,
      reportWindowMs: 5000,
    },
  }
}

/** The way out to a carrier, with the connections it shares with answers and reports. */
function connectorTo(t: TestContext, port: number) {
  const source = carrierAt(port)
  const helloName = 'relay.gateway.example'
  const peers = createSmtpPeers(() => ({
    source,
    pool: () => ({ host: source.mm4.host, port, helloName, tls: 'off' }),
  }))
  const connector = createMm4Connector(source, {
    hostname: helloName,
    domain: 'mms.gateway.example',
    peers,
    now: () => 0,
    crashPoint: () => undefined,
  })
  t.after(async () => {
    await connector.close()
    await peers.close(0)
  })
  return connector
}

describeConnector<CarrierBehaviour>('the way out to a peer MMSC', {
  async open(t) {
    const seen: SeenRequest[] = []
    let behaviour = TAKES
    const carrier = await openMm4Emulator({
      host: '127.0.0.1',
      port: 0,
      domain: 'mms.north.example',
      behaviourOf: () => behaviour,
      keepBodies: true,
      after: (ms, callback) => void setTimeout(callback, ms),
      now: () => 0,
      onMail: ({ headers, parts }) =>
        void seen.push({
          id: headers.get('X-Mms-Transaction-ID') ?? '',
          parts: parts.map(({ bytes }) => bytes),
        }),
    })
    t.after(() => carrier.close())
    return {
      connector: connectorTo(t, carrier.address.port),
      play: (next) => {
        behaviour = next
      },
      seen,
    }
  },
  openAlone: async (t) => connectorTo(t, await closedPort()),
  takes: TAKES,
  late: (lateMs) => line({ at: 'dot', lateMs }),
  silent: line({ at: 'dot', silence: true }),
  breaksAfter: line({ at: 'dot', drop: true }),
  breaksBefore: line({ at: 'rcpt', drop: true }),
  // biome-ignore format: a table
  replies: [
    ['421 to the dot',     replies('dot', 421, '4.3.2 Closing'),            'deferred', 'link-closed',       /421 4\.3\.2 Closing/],
    ['452 to RCPT',        replies('rcpt', 452, '4.3.1 Queue full'),        'deferred', 'carrier-busy',      /452 4\.3\.1 Queue full/],
    ['451 to the dot',     replies('dot', 451, '4.3.0 Local error'),        'deferred', 'carrier-error',     /451 4\.3\.0 Local error/],
    ['550 to RCPT',        replies('rcpt', 550, '5.1.1 No such subscriber'), 'rejected', 'recipient-unknown', /550 5\.1\.1 No such subscriber/],
    ['552 to the dot',     replies('dot', 552, '5.3.4 Too big'),            'rejected', 'too-large-for-carrier', /552 5\.3\.4 Too big/],
    ['554 about spam',     replies('dot', 554, '5.7.1 Looks like spam'),    'rejected', 'spam-refused',      /554 5\.7\.1 Looks like spam/],
    ['no reply to RCPT',   line({ at: 'rcpt', garbage: true }),             'deferred', 'link-closed',       /not-a-reply|0 Bad Request/],
    ['no reply to the dot', line({ at: 'dot', garbage: true }),             'unknown',  'carrier-timeout',   /after the final dot/],
    ['a code of nobody',   replies('dot', 599, 'Because'),                  'rejected', 'unrecognised-response', /599 Because/],
  ],
  secrets: [],
})
