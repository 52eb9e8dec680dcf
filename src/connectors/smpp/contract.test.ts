import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { describeConnector, type SeenRequest } from '../connector.suite.ts'
import type { SmscAnswer, SmscBehaviour } from './behaviour.ts'
import { openSmppEmulator } from './emulator.ts'
import { connectorTo } from './testing/connector-to.ts'
import { textTo } from './testing/messages.ts'

const SECRET = 'our-password-there'
const TEXT = 'Dots . and an ü, {braces} and a bell.'

const TAKES: SmscBehaviour = {
  answer: { kind: 'status', status: 0 },
  answerAfterMs: 0,
  receipts: [],
}
const answering = (answer: SmscAnswer): SmscBehaviour => ({ ...TAKES, answer })
const status = (number: number) => answering({ kind: 'status', status: number })

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const S = COMMAND_STATUS

describeConnector<SmscBehaviour>('the way out to a message centre', {
  async open(t: TestContext) {
    const seen: SeenRequest[] = []
    let behaviour = TAKES
    const smsc = await openSmppEmulator({
      host: '127.0.0.1',
      port: 0,
      systemId: 'centre',
      behaviourOf: () => behaviour,
      keepBodies: false,
      after: (ms, callback) => void setTimeout(callback, ms),
      now: () => Date.now(),
      onSubmit: ({ body, text = '' }) =>
        void seen.push({
          id: String(body.tlvs.userMessageReference),
          parts: [Buffer.from(text)],
        }),
    })
    t.after(() => smsc.close())
    const { connector } = connectorTo(t, smsc.address.port, {
      password: SECRET,
      messageReference: true,
    })
    return {
      connector,
      play: (next) => {
        behaviour = next
      },
      seen,
    }
  },
  async openAlone(t) {
    return connectorTo(t, await closedPort(), { reconnectDelayMsMin: 60_000 }).connector
  },
  takes: TAKES,
  late: (answerAfterMs) => ({ ...TAKES, answerAfterMs }),
  silent: answering({ kind: 'silence' }),
  breaksAfter: answering({ kind: 'drop' }),
  // biome-ignore format: a table
  replies: [
    ['0x0B',              status(S.ESME_RINVDSTADR),         'rejected', 'recipient-unknown',     /ESME_RINVDSTADR \(0x0000000B\)/],
    ['0x08',              status(S.ESME_RSYSERR),            'deferred', 'carrier-error',         /ESME_RSYSERR/],
    ['0x58',              status(S.ESME_RTHROTTLED),         'deferred', 'carrier-busy',          /ESME_RTHROTTLED/],
    ['a vendor’s number', status(0x4bd),                     'rejected', 'unrecognised-response', /0x000004BD/],
    ['no SMPP at all',    answering({ kind: 'garbage' }),    'unknown',  'carrier-timeout',       /./],
  ],
  secrets: [SECRET],
  message: {
    attemptFor: (number, serial) => textTo(number, TEXT, { serial }),
    parts: [Buffer.from(TEXT)],
  },
})
