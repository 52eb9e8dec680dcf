/**
 * MM7 versions and schema namespaces. Which pairs are accepted is the dialect's business; here stands
 * what exists.
 */

/** The versions that schemas enumerate, newest first. */
export const MM7_VERSIONS = [
  '6.8.0',
  '6.7.0',
  '6.6.0',
  '6.5.0',
  '6.4.0',
  '6.3.0',
  '5.10.0',
  '5.8.0',
  '5.6.0',
  '5.5.0',
  '5.4.0',
  '5.3.0',
] as const

/** What every MM7 namespace begins with. */
export const NAMESPACE_BASE = 'http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/'

/** The namespaces known from schemas and programs. */
export const MM7_NAMESPACES: readonly string[] = [
  'REL-5-MM7-1-0',
  'REL-5-MM7-1-1',
  'REL-5-MM7-1-2',
  'REL-5-MM7-1-3',
  'REL-5-MM7-1-4',
  'REL-5-MM7-1-5',
  'REL-6-MM7-1-0',
  'REL-6-MM7-1-1',
  'REL-6-MM7-1-2',
  'REL-6-MM7-1-3',
  'REL-6-MM7-1-4',
].map((tail) => NAMESPACE_BASE + tail)

const KNOWN = new Set(MM7_NAMESPACES)

/** Whether a namespace is one of MM7's, spelt exactly. */
export function isMm7Namespace(namespace: string): boolean {
  return KNOWN.has(namespace)
}

/**
 * The known namespace that was meant: white space inside, `https` for `http` and a final `.xsd` are
 * forgiven. `undefined`: none.
 */
export function forgiveNamespace(namespace: string): string | undefined {
  const meant = namespace
    .replace(/\s+/g, '')
    .replace(/^https:/i, 'http:')
    .replace(/\.xsd$/i, '')
  return KNOWN.has(meant) ? meant : undefined
}

/** The namespace usual for a version, to answer with where the request's own is not known. */
export function namespaceFor(version: string): string {
  const [major = 6, minor = 8] = versionNumbers(version) ?? []
  if (major < 6) return `${NAMESPACE_BASE}REL-5-MM7-1-${minor >= 6 ? 5 : minor === 5 ? 2 : 0}`
  return `${NAMESPACE_BASE}REL-6-MM7-1-${minor <= 3 ? 0 : 4}`
}

/** Whether a text has the form of a version: digits, point, digits, point, digits. */
export function isVersionForm(text: string): boolean {
  return versionNumbers(text) !== undefined
}

/** Up to 5.1.0 addresses are bare text; from 5.3.0 they are typed elements. */
export function hasTypedAddresses(version: string): boolean {
  const [major = 6, minor = 8] = versionNumbers(version) ?? []
  return major > 5 || (major === 5 && minor >= 3)
}

/** ApplicID and what came with it, ContentClass and DRMContent are of Release 6. */
export function hasApplications(version: string): boolean {
  const [major = 6] = versionNumbers(version) ?? []
  return major >= 6
}

function versionNumbers(version: string): readonly [number, number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(version)
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])]
}
