/**
 * A client of the gateway: hands messages in until it hears yes, under one key each, and listens to
 * what becomes of them at a callback that is not always there.
 */
import type { Address } from '../../src/core/address.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { Notice } from '../../src/engine/ports/report-sender.ts'
import type { Revision } from '../../src/engine/reviser.ts'
import { TIMES } from './faults.ts'
import type { Life } from './life.ts'
import { type World, within } from './world.ts'

/** One request as it goes over the wire. */
export interface Request {
  readonly accountId: string
  readonly key: string
  readonly recipients: readonly Address[]
  readonly body: Uint8Array
  readonly validityMs: number
  readonly wantsReports: boolean
  /** How long it is to wait before it goes out, in milliseconds. */
  readonly delayMs: number
}

/** Takes a request to the gateway; answers the message id, or nothing when there was no yes. */
export type Door = (request: Request) => Promise<string | undefined>

const REPLY_TIMEOUT_MS = 2000
const TRIES_MAX = 12
const AGAIN_MS = 300

/** Hands one message in. Gives up in the end, and then nobody owes it anything. */
export async function submit(world: World, door: Door, request: Request): Promise<void> {
  const { random, ledger } = world
  const { key, recipients, body, wantsReports } = request
  ledger.sent.set(key, { recipients: recipients.length, body, wantsReports })
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await world.wait(random.waitMs(TIMES.network))
    const answer = within(world, REPLY_TIMEOUT_MS, door(request))
    // Some clients do not wait for the answer before they ask again.
    if (random.chance(world.faults.replyLost / 3)) continue
    const messageId = await answer
    await world.wait(random.waitMs(TIMES.network))
    if (messageId !== undefined && !random.chance(world.faults.replyLost)) {
      const before = ledger.acknowledged.get(key)
      if (before !== undefined && before !== messageId) {
        world.object('duplicate acceptance', `${key} is ${before} and ${messageId}`)
      }
      ledger.acknowledged.set(key, messageId)
      world.trace(`${key} is acknowledged as ${messageId}`)
      return
    }
    await world.wait(AGAIN_MS)
  }
}

/** Takes a withdrawal to the gateway; nothing when there was no answer. */
export type Withdrawals = (accountId: string, messageId: string) => Promise<Revision | undefined>

/** Takes a message back, and asks again until it hears an answer or gives up. */
export async function withdraw(world: World, door: Withdrawals, request: Request): Promise<void> {
  const { random, ledger, faults } = world
  const messageId = ledger.acknowledged.get(request.key)
  if (messageId === undefined) return
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await world.wait(random.waitMs(TIMES.network))
    const answer = await within(world, REPLY_TIMEOUT_MS, door(request.accountId, messageId))
    if (answer !== undefined && !random.chance(faults.replyLost)) {
      world.trace(`${messageId} is withdrawn: ${answer.kind}`)
      if (answer.kind === 'done') {
        ledger.withdrawn.set(
          messageId,
          answer.left.map(({ text }) => text),
        )
      }
      return
    }
    await world.wait(AGAIN_MS)
  }
}

/** One telling at the client's callback. */
export async function hear(
  world: World,
  life: Life,
  notice: Notice,
  signal: AbortSignal,
): Promise<Outcome> {
  const { random, ledger, faults } = world
  await world.wait(random.waitMs(TIMES.network))
  if (!life.alive) return new Promise(() => {})
  if (signal.aborted || random.chance(faults.callbackDown)) {
    return { kind: 'deferred', reason: 'client-unreachable' }
  }
  if (random.chance(faults.callbackRefused)) return { kind: 'rejected', reason: 'client-refused' }
  ledger.told.push({ notice, at: world.clock.now() })
  world.trace(`${notice.accountId} hears ${notice.result} of ${notice.messageId}/${notice.index}`)
  await world.wait(random.waitMs(TIMES.network))
  if (random.chance(faults.callbackAnswerLost)) return { kind: 'unknown', reason: 'client-timeout' }
  return { kind: 'delivered' }
}
