/**
 * A carrier look-up service on loopback, as providers run them: a GET with the number, JSON back.
 * What it says of a sandbox number is scripted by the code in it.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SANDBOX_CARRIER, SANDBOX_SMALL, SANDBOX_UPSTREAM } from './carriers.ts'
import { LOOKED_UP, SMALL_PREFIX, UPSTREAM_PREFIX } from './scripts.ts'

export interface LookupService {
  /** With `{number}` where the digits go. */
  readonly url: string
  close(): Promise<void>
}

/** A carrier that no account is provisioned on, and that no directory knows. */
const FAR_CARRIER = '99999'

const PATH = '/carriers/'

/** Opens the service on a free port. */
export async function openLookupService(host: string): Promise<LookupService> {
  const server = createServer((request, response) => {
    const carrier = carrierOf((request.url ?? '').slice(PATH.length))
    request.resume()
    if (carrier === undefined) response.writeHead(503).end()
    else {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ carrier }))
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}${PATH}{number}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** `undefined`: the service is down for this number; `null`: it is nobody's. */
function carrierOf(number: string): string | null | undefined {
  if (number in LOOKED_UP) return LOOKED_UP[number]
  if (/^999[0-9]0002569$/.test(number)) return undefined
  if (/^999[0-9]0002570$/.test(number)) return FAR_CARRIER
  if (number.startsWith(SMALL_PREFIX)) return SANDBOX_SMALL
  return number.startsWith(UPSTREAM_PREFIX) ? SANDBOX_UPSTREAM : SANDBOX_CARRIER
}
