/** HTTP Basic credentials as a request presents them (RFC 7617). */

/** What an Authorization header says. */
export interface BasicCredentials {
  readonly user: string
  readonly password: string
}

const BASIC = /^basic\s+([a-z0-9+/]+={0,2})\s*$/i

/** `undefined` for another scheme, no base64, or no colon (RFC 7617 §2). */
export function parseBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
