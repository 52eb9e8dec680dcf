/** A whole gateway between a client bound to its SMPP door and a carrier's message centre. */
import type { TestContext } from 'node:test'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import type { SubmitSm } from '../../src/codecs/smpp/pdu.ts'
import type { SmscBehaviour } from '../../src/connectors/smpp/behaviour.ts'
import { openSmppEmulator, type Smsc } from '../../src/connectors/smpp/emulator.ts'
import { carrierAt } from '../../src/connectors/smpp/testing/messages.ts'
import type { DirectoryData } from '../../src/core/directory.ts'
import type { SmppPeer } from '../../src/core/smpp-peer.ts'
import { DEMO_ESME, DEMO_ESME_SENDER, smppAccounts } from '../../src/simulator/smpp-accounts.ts'
import { until } from './inbox.ts'
import { type BoundClient, bindTo } from './smpp-door.ts'
import { startGateway, type World, type WorldOptions } from './start-gateway.ts'

export const CLIENT_NUMBER = DEMO_ESME_SENDER
export const PHONE = '15550100123'

export interface SmsWorld extends World {
  readonly client: BoundClient
  readonly smsc: Smsc
  /** What the centre does from now on. */
  play(behaviour: SmscBehaviour): void
  /** A text to the phone; its id. */
  sms(text: string, more?: Partial<SubmitSm>): Promise<string>
}

/** Takes everything and says nothing of it. */
export const TAKES: SmscBehaviour = {
  answer: { kind: 'status', status: 0 },
  answerAfterMs: 0,
  receipts: [],
}

/** A centre of its own on loopback. */
export async function openCentre(t: TestContext) {
  let behaviour: SmscBehaviour = {
    ...TAKES,
    receipts: [{ stat: 'DELIVRD', afterMs: 5 }],
  }
  const smsc = await openSmppEmulator({
    host: '127.0.0.1',
    port: 0,
    systemId: 'centre',
    behaviourOf: () => behaviour,
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: () => Date.now(),
    repeatMs: 20,
  })
  t.after(() => smsc.close())
  const play = (next: SmscBehaviour) => {
    behaviour = next
  }
  return { smsc, play }
}

/** Everything opened, the client bound and our binds up. */
export async function openSmsWorld(
  t: TestContext,
  smpp: Partial<SmppPeer> = {},
  options: WorldOptions = {},
): Promise<SmsWorld> {
  const centre = await openCentre(t)
  const world = await startGateway(t, {
    directory: () => smsDirectory(centre.smsc.address.port, smpp),
    ...options,
  })
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  await until('our binds', () => centre.smsc.sessions().some(({ open }) => open))
  return {
    ...world,
    ...centre,
    client,
    async sms(text, more = {}) {
      const reply = await client.session.request(submitOf(text, more))
      if (reply.kind !== 'answered' || reply.commandStatus !== 0) {
        throw new Error(`not accepted: ${JSON.stringify(reply)}`)
      }
      return 'messageId' in reply.response ? reply.response.messageId : ''
    },
  }
}

/** What the client asks for. */
export function submitOf(text: string, more: Partial<SubmitSm> = {}): SubmitSm {
  const { command: _command, ...fields } = more
  return createSubmitSm({
    source: { ton: 1, npi: 1, addr: CLIENT_NUMBER },
    destination: { ton: 1, npi: 1, addr: PHONE },
    registeredDelivery: 1,
    ...contentOf(text),
    ...fields,
  })
}

/** Latin-1 in one piece; a long text as a payload. */
function contentOf(text: string): Partial<SubmitSm> {
  const octets = Buffer.from(text, 'latin1')
  return octets.length > 254
    ? { dataCoding: 3, tlvs: { messagePayload: octets } }
    : { dataCoding: 3, shortMessage: octets }
}

/** One client, one carrier, everything by it. */
export function smsDirectory(port: number, smpp: Partial<SmppPeer>): DirectoryData {
  return {
    accounts: smppAccounts()
      .filter(({ id }) => id === DEMO_ESME)
      .map(({ policy: _policy, ...account }) => account),
    numbers: [{ number: CLIENT_NUMBER, account: DEMO_ESME, state: 'active' }],
    carriers: [carrierAt(port, smpp)],
    routes: [{ name: 'all', prefix: '', carrier: 'harbour', enabled: true }],
    blocks: [],
  }
}
