/** What can be wrong with the SOAP header and the elements of an MM7 operation, one thing each. */
import type {
  Mm7Operation,
  Received,
  SenderIdentification,
  SubmitReq,
} from '../../codecs/mm7/types.ts'
import { NAMESPACE_BASE } from '../../codecs/mm7/versions.ts'
import { inEnvelope } from './body-defects.ts'
import type { Mm7Change, Mm7Draft } from './draft.ts'

/** Other values of a SubmitReq. */
export function submitting(change: Partial<Received<SubmitReq>>): Mm7Change {
  return (draft) => withOperation(draft, { ...draft.operation, ...change })
}

/** A SubmitReq without one of its elements. */
export function without(element: Exclude<keyof SubmitReq, 'name'>): Mm7Change {
  return (draft) => {
    const kept = Object.entries(draft.operation).filter(([name]) => name !== element)
    return withOperation(draft, Object.fromEntries(kept))
  }
}

/** Every element but the name may be absent, so what is left is still a received operation. */
function withOperation(draft: Mm7Draft, operation: object): Mm7Draft {
  return { ...draft, operation: operation as Received<Mm7Operation> }
}

/** Other values of the sender; `undefined` leaves one out. */
export function sender(
  change: {
    readonly [K in keyof SenderIdentification]?: SenderIdentification[K] | undefined
  },
): Mm7Change {
  return (draft) => {
    const { senderIdentification } = draft.operation as Received<SubmitReq>
    const changed = Object.entries({ ...senderIdentification, ...change })
    const given = changed.filter(([, value]) => value !== undefined)
    return submitting({ senderIdentification: Object.fromEntries(given) })(draft)
  }
}

/** Another account: its VASPID. */
export function account(vaspId: string): Mm7Change {
  return sender({ vaspId })
}

/** The sandbox's account that is answered with what its carrier says. */
export function passThrough(dialect: string, shortCode: string): Mm7Change {
  const senderAddress = { kind: 'ShortCode', value: shortCode } as const
  return sender({ vaspId: `${dialect}-passthrough`, senderAddress })
}

/** Other recipients, each a Number in a To. */
export function to(...numbers: readonly string[]): Mm7Change {
  return submitting({
    recipients: numbers.map((value) => ({ list: 'To', address: { kind: 'Number', value } })),
  })
}

/** Another schema of MM7, e.g. `REL-5-MM7-1-0`. */
export function schema(tail: string): Mm7Change {
  return namespace(`${NAMESPACE_BASE}${tail}`)
}

export function namespace(value: string): Mm7Change {
  return (draft) => ({ ...draft, namespace: value })
}

export function version(mm7Version: string): Mm7Change {
  return submitting({ mm7Version })
}

export const withoutTransactionId: Mm7Change = (draft) => ({ ...draft, transactionId: undefined })

/** An envelope of SOAP 1.2. */
export const soap12 = inEnvelope(
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
)

export const bodyEmpty = inEnvelope(/<SubmitReq[\s\S]*<\/SubmitReq>/, '')

/** The same elements under another operation's name. */
export function operationNamed(name: string): Mm7Change {
  return inEnvelope(/SubmitReq/g, name)
}

export const toEmpty = inEnvelope(/<To>.*<\/To>/, '<To></To>')

/** A Priority that is no value of Priority. */
export const priorityUrgent = inEnvelope('<Subject>', '<Priority>Urgent</Priority><Subject>')

/** Where the message part is said to be. */
export function contentAt(href: string): Mm7Change {
  return submitting({ content: { href } })
}
