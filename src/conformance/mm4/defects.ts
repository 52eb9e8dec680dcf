/** What can be wrong with a request, each a change that breaks one thing. */
import type { Mm4Change, Mm4Part } from './draft.ts'
import { subscriber } from './draft.ts'

/** Who hands it in: another account of the run or of the sandbox, from a number of its own. */
export function asAccount(user: string, password: string, sender: string): Mm4Change {
  return (draft) => from(sender)({ ...draft, login: { user, password } })
}

/** Another From, in header and envelope. */
export function from(sender: string): Mm4Change {
  return (draft) => ({
    ...draft,
    from: subscriber(sender, domainOf(draft.from)),
    fields: { ...draft.fields, From: subscriber(sender) },
  })
}

/** Another To, in header and envelope. */
export function to(recipient: string): Mm4Change {
  return (draft) => ({
    ...draft,
    to: draft.to.map((path) => subscriber(recipient, domainOf(path))),
    fields: { ...draft.fields, To: subscriber(recipient) },
  })
}

/** A return path of another domain than the account's own. */
export function returnPathAt(domain: string): Mm4Change {
  return (draft) => ({ ...draft, from: `${draft.from.split('@')[0]}@${domain}` })
}

/** Header fields in addition, or in place of those of the same name. */
export function field(name: string, value: string | readonly string[]): Mm4Change {
  return (draft) => ({ ...draft, fields: { ...draft.fields, [name]: value } })
}

/** The header shows a group; the envelope names its first member alone. */
export function group(size: number): Mm4Change {
  return (draft) => {
    const first = String(draft.fields.To)
    const others = Array.from({ length: size - 1 }, (_, index) =>
      subscriber(String(FIRST_OF_GROUP + index)),
    )
    return field('To', [first, ...others].join(', '))(draft)
  }
}

/** Numbers kept free for fiction (NANPA). */
const FIRST_OF_GROUP = 15550100150

/** So many relays before us. */
export function received(times: number): Mm4Change {
  return (draft) => {
    const hops = Array.from(
      { length: times },
      (_, index) => `from r${index}.example by r${index + 1}.example; ${draft.fields.Date}`,
    )
    return field('Received', hops)(draft)
  }
}

/** A part more. */
export function part(fields: Mm4Part['fields'], body: string | Uint8Array): Mm4Change {
  const added: Mm4Part = { fields, body: typeof body === 'string' ? Buffer.from(body) : body }
  return (draft) => ({ ...draft, parts: [...draft.parts, added] })
}

/** A text part. */
export function text(words: string | Uint8Array): Mm4Change {
  return part({ 'Content-Type': 'text/plain; charset=utf-8', 'Content-ID': '<text>' }, words)
}

/** A part that only says where its content lies (RFC 2017). */
export function externalBody(url: string): Mm4Change {
  const type = `message/external-body; access-type=URL; URL="${url}"`
  return part({ 'Content-Type': type }, 'Content-Type: image/png\r\nContent-ID: <far>\r\n\r\n')
}

function domainOf(path: string): string {
  return path.slice(path.indexOf('@') + 1)
}
