/** A certificate authority of a test's own: openssl signs what the test says, for two days. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFolder, runPeer } from './peer-process.ts'

const DAYS = '2'

/** PEM files of one certificate. */
export interface Issued {
  readonly certFile: string
  readonly keyFile: string
  /** SHA-256, `AB:CD:…`, as openssl and Postfix write it. */
  readonly fingerprint: string
  /** The same as the gateway keeps it: small hex digits. */
  readonly mark: string
}

export interface Authority {
  readonly caFile: string
  /** A certificate for these alternative names: `DNS:…`, `IP:…`. */
  issue(...names: readonly string[]): Promise<Issued>
}

/** Its files are gone when the test ends. */
export async function openAuthority(t: { after(done: () => void): void }): Promise<Authority> {
  const folder = openFolder(t, 'authority')
  const place = (name: string) => join(folder, name)
  const config = place('openssl.cnf')
  // The system's own configuration may hold anything.
  writeFileSync(config, '[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = CA:TRUE\n')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const create = (name: string, more: readonly string[]) =>
    openssl([
      ...['req', '-config', config, ...newKey, '-subj', `/CN=${name}`],
      ...['-keyout', place(`${name}.key`), ...more],
    ])
  const caFile = place('ca.pem')
  await create('ca', ['-x509', '-extensions', 'ca', '-days', DAYS, '-out', caFile])
  let serial = 0
  return {
    caFile,
    async issue(...names) {
      serial += 1
      const name = `leaf${serial}`
      const [request, extensions, certFile] = [place('request'), place('names'), place(name)]
      await create(name, ['-new', '-out', request])
      writeFileSync(extensions, `subjectAltName = ${names.join(', ')}\n`)
      await openssl([
        ...['x509', '-req', '-in', request, '-extfile', extensions, '-out', certFile],
        ...['-CA', caFile, '-CAkey', place('ca.key'), '-days', DAYS],
        ...['-set_serial', String(serial)],
      ])
      const { fingerprint256: fingerprint } = new X509Certificate(readFileSync(certFile))
      const mark = fingerprint.replaceAll(':', '').toLowerCase()
      return { certFile, keyFile: place(`${name}.key`), fingerprint, mark }
    },
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  const { code, said } = await runPeer('openssl', args)
  if (code !== 0) throw new Error(`openssl ${args[0]}: ${said}`)
}
