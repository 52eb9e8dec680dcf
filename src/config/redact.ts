/** The directory as it may be shown: everything but secrets. */
import type { DirectoryData } from '../core/directory.ts'
import { isSecretReference } from './secret.ts'

/** Fields that hold a secret or its hash, wherever they appear. */
const SECRET_FIELDS: readonly string[] = [
  'vaspId',
  'vaspIdHash',
  'password',
  'passwordHash',
  'key',
  'keyHash',
  // Of a header an upstream wants: often a token.
  'value',
]

const HIDDEN = '***'

/** A copy with secrets starred. References stay: they say where a secret lies, not what it is. */
export function redactDirectory(data: DirectoryData): DirectoryData {
  const { accounts, numbers, carriers, routes, blocks, applications = [] } = data
  return redact({ accounts, numbers, carriers, routes, blocks, applications }) as DirectoryData
}

function redact(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    return SECRET_FIELDS.includes(name) && !isSecretReference(value) ? HIDDEN : value
  }
  if (Array.isArray(value)) return value.map((item: unknown) => redact(item, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, redact(member, key)]),
  )
}
