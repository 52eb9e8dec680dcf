/** The two SASL mechanisms that MM4 peers use: PLAIN (RFC 4616) and LOGIN, in base64 (RFC 4954). */

/** A user name and a password in clear. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The prompts of LOGIN: "Username:" and "Password:". */
export const LOGIN_USER_PROMPT = 'VXNlcm5hbWU6'
export const LOGIN_PASSWORD_PROMPT = 'UGFzc3dvcmQ6'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Decodes one base64 line of an exchange; `=` alone is the empty string (RFC 4954 §4). */
export function decodeSaslLine(line: string): string | undefined {
  if (line === '=') return ''
  if (!BASE64.test(line)) return undefined
  return Buffer.from(line, 'base64').toString('utf8')
}

/** One line of an exchange. */
export function encodeSaslLine(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

/** Reads the message of PLAIN: authorisation identity, user, password. */
export function decodePlain(line: string): Credentials | undefined {
  const parts = decodeSaslLine(line)?.split('\0')
  const [, user, password] = parts ?? []
  if (parts?.length !== 3 || user === undefined || password === undefined) return undefined
  return user === '' ? undefined : { user, password }
}

/** Writes the message of PLAIN with no authorisation identity. */
export function encodePlain({ user, password }: Credentials): string {
  return encodeSaslLine(`\0${user}\0${password}`)
}
