/** The Debian packages whose programs are held against ours, and which of them are not here. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A file that is there when the package is; a name without a slash is looked for in the PATH. */
const PACKAGES = {
  kannel: 'bearerbox',
  'kannel-extras': '/usr/lib/kannel/test/drive_smpp',
  // Postfix's logins, PLAIN and LOGIN.
  'libsasl2-modules': '/usr/share/doc/libsasl2-modules',
  // Signs the certificates of the tests.
  openssl: 'openssl',
  postfix: 'smtp-source',
  swaks: 'swaks',
  // swaks asks for it as soon as it is to speak TLS.
  'libnet-ssleay-perl': '/usr/share/doc/libnet-ssleay-perl',
  tshark: 'tshark',
}

/** Debian's daemons are not in the PATH of every user. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']

function isThere(file) {
  if (file.includes('/')) return existsSync(file)
  return folders.some((folder) => existsSync(join(folder, file)))
}

/** Names of packages, as apt knows them. */
export function missingPackages() {
  return Object.entries(PACKAGES)
    .filter(([, file]) => !isThere(file))
    .map(([name]) => name)
}
