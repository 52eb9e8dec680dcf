/** What can be wrong with the HTTP request around an MM7 message, one thing each. */
import type { Mm7Change } from './draft.ts'

/** Sets, repeats or (`undefined`) leaves out a header line. */
export function header(name: string, value: string | readonly string[] | undefined): Mm7Change {
  return (draft) => ({ ...draft, headers: { ...draft.headers, [name]: value } })
}

/** Another method, and no body. */
export function method(name: string): Mm7Change {
  return (draft) => ({ ...draft, method: name, onBody: [...draft.onBody, () => Buffer.alloc(0)] })
}

/** A body of unknown length in chunks. */
export const chunked: Mm7Change = (draft) => ({ ...draft, chunked: true })

/** Two ways to say the length (RFC 9112 §6.3). */
export const lengthAndChunks = header('Transfer-Encoding', 'chunked')

export const lengthInWords = header('Content-Length', 'some')

/** The length, said twice, and both agree. */
export const lengthTwice = header('Content-Length', ['100', '100'])

/** Says that the body is so long; what follows is the body as it is. */
export function declaredLength(bytes: number): Mm7Change {
  return header('Content-Length', String(bytes))
}

export const withoutContentType = header('Content-Type', undefined)

export const contentTypeOfJson = header('Content-Type', 'application/json')

export const contentTypeWithoutBoundary = header(
  'Content-Type',
  'multipart/related; type="text/xml"',
)

export const compressed = header('Content-Encoding', 'gzip')

/** A header line broken before a parameter (obsolete by RFC 9112 §5.2, and sent all the same). */
export const contentTypeFolded: Mm7Change = (draft) => ({
  ...draft,
  onHead: [...draft.onHead, (head) => head.replace('; boundary=', ';\r\n\tboundary=')],
})

/** Basic credentials (RFC 7617). */
export function basic(user: string, password: string): Mm7Change {
  const token = Buffer.from(`${user}:${password}`, 'utf8').toString('base64')
  return header('Authorization', `Basic ${token}`)
}

/** Another door. */
export function path(value: string): Mm7Change {
  return (draft) => ({ ...draft, path: value })
}
