/**
 * The states a receipt can name: the word of its text (SMPP 3.4 appendix B), the number of
 * `message_state` (SMPP 3.4 §5.2.28, 5.0 §4.7.15). `unknown` is final and says that the peer does not
 * know; a word or number that is not here says nothing at all.
 */

/** A row of the table. */
export interface MessageStateRow {
  /** The value of `message_state`. */
  readonly number: number
  /** The seven letters of a receipt's `stat`. */
  readonly word: string
  /** Other words seen for it, in capitals. */
  readonly alsoWritten: readonly string[]
  /** Whether no other state follows. */
  readonly final: boolean
}

/** Every state, by its name in small letters. */
export const MESSAGE_STATES = {
  scheduled: { number: 0, word: 'SCHEDLD', alsoWritten: ['SCHEDULED'], final: false },
  enroute: { number: 1, word: 'ENROUTE', alsoWritten: ['EN_ROUTE'], final: false },
  delivered: { number: 2, word: 'DELIVRD', alsoWritten: ['DELIVERED', 'DELIVERD'], final: true },
  expired: { number: 3, word: 'EXPIRED', alsoWritten: ['EXPIRD'], final: true },
  deleted: { number: 4, word: 'DELETED', alsoWritten: [], final: true },
  undeliverable: {
    number: 5,
    word: 'UNDELIV',
    alsoWritten: ['UNDELIVERABLE', 'UNDELIVERED', 'UNDELIVRD', 'UNDELIVERD'],
    final: true,
  },
  // Somebody took it in hand; the peers that send it send a final state afterwards.
  accepted: { number: 6, word: 'ACCEPTD', alsoWritten: ['ACCEPTED'], final: false },
  unknown: { number: 7, word: 'UNKNOWN', alsoWritten: [], final: true },
  rejected: { number: 8, word: 'REJECTD', alsoWritten: ['REJECTED'], final: true },
  skipped: { number: 9, word: 'SKIPPED', alsoWritten: [], final: true },
} as const satisfies Readonly<Record<string, MessageStateRow>>

/** The name of a state. */
export type MessageState = keyof typeof MESSAGE_STATES

const NAMES = Object.keys(MESSAGE_STATES) as readonly MessageState[]

const BY_WORD: ReadonlyMap<string, MessageState> = new Map(
  NAMES.flatMap((name) => {
    const { word, alsoWritten }: MessageStateRow = MESSAGE_STATES[name]
    return [word, ...alsoWritten].map((each) => [each, name] as const)
  }),
)

const BY_NUMBER: ReadonlyMap<number, MessageState> = new Map(
  NAMES.map((name) => [MESSAGE_STATES[name].number, name]),
)

/** The state a receipt's `stat` names, in any case. */
export function findStateOfWord(word: string): MessageState | undefined {
  return BY_WORD.get(word.trim().toUpperCase())
}

/** The state a `message_state` parameter names. */
export function findStateOfNumber(number: number): MessageState | undefined {
  return BY_NUMBER.get(number)
}
