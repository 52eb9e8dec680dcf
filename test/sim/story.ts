/** One seed, one story: clients, carriers, crashes and operators for a while, then calm weather. */
import type { Address } from '../../src/core/address.ts'
import { isFinal } from '../../src/core/delivery-state.ts'
import type { Store } from '../../src/engine/ports/store.ts'
import { prefixOf } from '../support/engine-world.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { audit } from './auditor.ts'
import { type Carrier, createCarrier, NATURES } from './carrier.ts'
import { submit, withdraw } from './client.ts'
import { CALM, STORM, STORY } from './faults.ts'
import { createGateway, type Gateway } from './gateway.ts'
import type { Guard } from './guards.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createRandom, type Random } from './random.ts'
import { createWorld, type World } from './world.ts'

/** Clients' changes of mind have a chance of their own, so that the rest of a story stays. */
const WHIMS = 1_000_000_007
/** About what a request and its commit take, in milliseconds. */
const NARROW_MS = 25
/** Beyond the prefixes of all ways out. */
const NOBODYS = 9

export interface Story {
  readonly seed: number
  readonly ledger: Ledger
  /** What is on the disk in the end. */
  readonly disk: Store
  /** How much virtual time went by, in milliseconds. */
  readonly virtualMs: number
}

/** Tells the story of a seed, with every guard in place or without the one named. */
export async function tellStory(seed: number, without?: Guard): Promise<Story> {
  const clock = createVirtualClock()
  const startedAt = clock.now()
  const world = createWorld({
    clock,
    random: createRandom(seed),
    ledger: createLedger(),
    faults: STORM,
    without,
  })
  const carriers: Carrier[] = []
  const gateway = createGateway(world, () => carriers)
  for (const nature of NATURES) {
    carriers.push(
      createCarrier(world, nature, (lane, id, report) => gateway.receive(lane, id, report)),
    )
  }
  await gateway.start()
  plan(world, gateway, carriers, createRandom(seed + WHIMS))
  const stormEnd = startedAt + STORY.stormMs
  await clock.drain()
  while (await clock.step(stormEnd));
  world.faults = CALM
  world.trace('the storm is over')
  for (const { nature } of carriers) gateway.setOpen(nature.name, true)
  await endAll(world, gateway, stormEnd)
  const { disk } = gateway.disk
  await audit(world, disk)
  return { seed, ledger: world.ledger, disk, virtualMs: clock.now() - startedAt }
}

/** Draws what happens when. */
function plan(world: World, gateway: Gateway, carriers: readonly Carrier[], whims: Random): void {
  const { random } = world
  const at = (ms: number, act: () => unknown) => void world.wait(ms).then(act)
  let submitAt = 0
  for (let number = 1; number <= STORY.messages; number += 1) {
    submitAt += random.waitMs(4000)
    const request = {
      accountId: random.pick(['acme', 'globe']),
      key: `m${number}`,
      recipients: recipientsOf(world, number),
      body: Uint8Array.from({ length: 1 + random.below(600) }, () => random.below(256)),
      validityMs: 30_000 + random.waitMs(300_000),
      wantsReports: !random.chance(0.1),
      delayMs: 0,
    }
    if (!whims.chance(STORY.withdrawn)) {
      at(submitAt, () => submit(world, gateway.accept, request))
      continue
    }
    const waiting = { ...request, delayMs: whims.waitMs(STORY.waitMs) }
    at(submitAt, () => submit(world, gateway.accept, waiting))
    // Whenever it may be, or just when it is about to go.
    const meanMs = whims.chance(0.3) ? STORY.waitMs : NARROW_MS
    const regretMs = meanMs === NARROW_MS ? waiting.delayMs : 0
    at(submitAt + regretMs + whims.waitMs(meanMs), () => withdraw(world, gateway.cancel, waiting))
  }
  for (let crash = random.below(5); crash > 0; crash -= 1) {
    at(random.waitMs(30_000), () => gateway.crash('power'))
  }
  if (random.chance(0.3)) at(random.below(100_000), () => gateway.restart())
  if (random.chance(0.5)) at(random.below(150_000), () => gateway.replay())
  for (const carrier of carriers) {
    const { name } = carrier.nature
    if (random.chance(0.3)) {
      at(random.below(60_000), () => carrier.outage(world.clock.now() + random.waitMs(60_000)))
    }
    if (random.chance(0.3)) {
      const closedAt = random.below(80_000)
      at(closedAt, () => gateway.setOpen(name, false))
      at(closedAt + random.waitMs(40_000), () => gateway.setOpen(name, true))
    }
  }
}

function recipientsOf({ random }: World, number: number): readonly Address[] {
  return Array.from({ length: 1 + random.below(3) }, (_, index): Address => {
    const way = random.chance(0.04) ? NOBODYS : random.below(NATURES.length)
    return {
      kind: 'number',
      text: `${prefixOf(way)}${String(number * 10 + index).padStart(6, '0')}`,
    }
  })
}

/** Time goes on in calm weather until nothing is open, or until it should long have ended. */
async function endAll(world: World, gateway: Gateway, since: number): Promise<void> {
  const { clock } = world
  const deadline = since + STORY.calmMs
  // Clients that were about to give up, and reports on their way, come to their end first.
  let look = since + 60_000
  while (look < deadline) {
    while (await clock.step(look));
    await gateway.replay()
    if (await isQuiet(gateway)) return
    look += 60_000
  }
}

async function isQuiet(gateway: Gateway): Promise<boolean> {
  const { disk } = gateway.disk
  const messages = await disk.read({ query: 'messages', limit: Number.MAX_SAFE_INTEGER })
  if (messages.some(({ states }) => !states.every(isFinal))) return false
  const { notices } = await disk.read({ query: 'lanes' })
  return notices.length === 0
}
