/** A gateway for the sandbox's SMPP accounts, and a message centre behind it that a test can ask. */
import type { TestContext } from 'node:test'
import { openSystemClock } from '../../src/clock/system-clock.ts'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import { ORDINARY_SMSC, type SmscBehaviour } from '../../src/connectors/smpp/behaviour.ts'
import { openSmppEmulator, type Smsc } from '../../src/connectors/smpp/emulator.ts'
import type { SmppPeer } from '../../src/core/smpp-peer.ts'
import { SANDBOX_SMSC, smscCarrier } from '../../src/simulator/carriers.ts'
import {
  DEMO_ESME,
  DEMO_ESME_SENDER,
  SMPP_NUMBERS,
  smppAccounts,
} from '../../src/simulator/smpp-accounts.ts'
import type { BoundClient } from './smpp-door.ts'
import { startGateway, type World, type WorldOptions } from './start-gateway.ts'

const HANDSET = '15550100123'

export interface EsmeWorld extends World {
  readonly smsc: Smsc
  /** What happens to messages for this number (digits) from now on. */
  script(number: string, behaviour: Partial<SmscBehaviour>): void
}

/** `peer` changes how the centre is reached, to another one even; `numbers` are the account's, too. */
export async function startEsmeWorld(
  t: TestContext,
  peer: Partial<SmppPeer> = {},
  numbers: readonly string[] = [],
  options: Pick<WorldOptions, 'flags'> = {},
): Promise<EsmeWorld> {
  const scripts = new Map<string, SmscBehaviour>()
  const clock = openSystemClock()
  const smsc = await openSmppEmulator({
    host: '127.0.0.1',
    port: 0,
    systemId: 'centre',
    behaviourOf: (number) => scripts.get(number) ?? ORDINARY_SMSC,
    keepBodies: true,
    after: (ms, callback) => void clock.wakeAt(clock.now() + ms, callback),
    now: () => clock.now(),
  })
  t.after(async () => {
    clock.close()
    await smsc.close()
  })
  const accounts = smppAccounts().map(({ policy: _open, ...account }) => account)
  const { smpp, ...carrier } = smscCarrier(smsc.address)
  const own = numbers.map((number) => ({ number, account: DEMO_ESME, state: 'active' as const }))
  const world = await startGateway(t, {
    ...options,
    directory: (data) => ({
      ...data,
      accounts: [...data.accounts, ...accounts],
      numbers: [...data.numbers, ...SMPP_NUMBERS, ...own],
      carriers: [...data.carriers, { ...carrier, smpp: { ...smpp, ...peer } }],
      routes: [{ name: 'all', prefix: '', carrier: SANDBOX_SMSC, enabled: true }],
    }),
  })
  return {
    ...world,
    smsc,
    script: (number, behaviour) => void scripts.set(number, { ...ORDINARY_SMSC, ...behaviour }),
  }
}

/** A text of a bound client that must be taken; its id. */
export async function submitText({ session }: BoundClient, text: string): Promise<string> {
  const reply = await session.request(
    createSubmitSm({
      source: { ton: 1, npi: 1, addr: DEMO_ESME_SENDER },
      destination: { ton: 1, npi: 1, addr: HANDSET },
      registeredDelivery: 1,
      shortMessage: Buffer.from(text),
    }),
  )
  if (reply.kind !== 'answered' || reply.commandStatus !== 0) {
    throw new Error(`not accepted: ${JSON.stringify(reply)}`)
  }
  return 'messageId' in reply.response ? reply.response.messageId : ''
}
