/**
 * Messages that come in parts. Each part is kept and answered on its own; the message is taken once,
 * when the last one is there, under the id of the part that came first. A set that stays incomplete
 * ends as a message that failed, so that its parts are reported and its story can be told.
 */
import type { MessageId } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import type { Acceptance, Acceptor } from './accept.ts'
import type { EngineParts } from './parts.ts'
import type { HeldPart, PartSet } from './ports/store.ts'

/** A part as a door hands it in. */
export type ArrivingPart = Omit<HeldPart, 'id' | 'at' | 'expiresAt'>

/** What became of a part. But for a refusal it survives a power cut, and its sender may be told yes. */
export type Holding =
  /** `message`: it was the last one missing, and this is what became of the whole. */
  | { readonly kind: 'held'; readonly id: MessageId; readonly message?: Acceptance }
  /** The same part came before; this is what it was given then. */
  | { readonly kind: 'duplicate'; readonly id: MessageId }
  | { readonly kind: 'refused'; readonly reason: Reason }

export interface Assembler {
  hold(part: ArrivingPart): Promise<Holding>
  /** Takes up a set that an earlier process found complete and did not come to use. */
  resume(set: PartSet): Promise<void>
  /** Ends the sets whose time is up. */
  expire(): Promise<void>
}

/** Two processes may draw one id in the same second; a third clash in a row is a fault of ours. */
const ID_DRAWS_MAX = 3
/** Parts per step: small enough that a round never holds the writer for long. */
const STEP_PARTS = 500

export function createAssembler(
  parts: EngineParts,
  acceptor: Acceptor,
  nextId: (now: number) => MessageId,
): Assembler {
  const { store, clock, limits } = parts

  async function hold(part: ArrivingPart): Promise<Holding> {
    for (let draw = 1; draw <= ID_DRAWS_MAX; draw += 1) {
      const at = clock.now()
      const id = nextId(at)
      const expiresAt = at + limits.partsWaitMs
      const [result] = await store.commit([
        { op: 'hold-part', part: { ...part, id, at, expiresAt }, setsMax: limits.partSetsMax },
      ])
      switch (result.kind) {
        case 'id-taken':
          continue
        case 'held':
          return { kind: 'held', id }
        case 'duplicate':
          return result
        case 'conflict':
          return { kind: 'refused', reason: 'concatenation-conflict' }
        case 'full':
          return { kind: 'refused', reason: 'overloaded' }
        case 'complete':
          return { kind: 'held', id, message: await assemble(result.set) }
      }
    }
    throw new Error(`no free message id in ${ID_DRAWS_MAX} draws`)
  }

  async function assemble({ first, parts: set }: PartSet): Promise<Acceptance> {
    if (parts.joiner === undefined) throw new Error('parts wait and nobody can join them')
    const { submission, broken } = await parts.joiner.join(set)
    const missing = (set[0]?.total ?? 0) - set.length
    const reason = missing > 0 ? 'concatenation-timeout' : broken
    if (reason === undefined) return acceptor.accept(submission, { first })
    const raw =
      missing > 0
        ? `${set.length} of ${set[0]?.total} parts came; missing: ${missingOf(set).join(', ')}`
        : 'the parts together are no text'
    return acceptor.accept(submission, { first, failed: { reason, raw } })
  }

  return {
    hold,
    async resume(set) {
      await assemble(set)
    },
    async expire() {
      for (;;) {
        const late = await store.read({
          query: 'late-parts',
          now: clock.now(),
          limit: STEP_PARTS,
        })
        await Promise.all(late.map(assemble))
        if (late.length < STEP_PARTS) return
      }
    },
  }
}

function missingOf(parts: readonly HeldPart[]): readonly number[] {
  const there = new Set(parts.map(({ sequence }) => sequence))
  const all = Array.from({ length: parts[0]?.total ?? 0 }, (_, index) => index + 1)
  return all.filter((sequence) => !there.has(sequence))
}
