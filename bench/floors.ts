/**
 * What the machine can do at best, measured in the same run as everything it is compared with: bare
 * HTTP, a bare durable append, a bare durable stream. Sampled before and between the other
 * measurements, and told as medians, because the neighbours on a machine come and go.
 */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Floor } from './figure.ts'
import { drive } from './http-load.ts'
import { medianOf } from './median.ts'

const KIB = 1024
const MIB = 1024 * KIB
const DISK_MS = 700
const HTTP_MS = 1000
/** Connections of every throughput figure. */
export const CONNECTIONS = 64

export interface Floors {
  /** One more sample of W and F. */
  sampleDisk(): void
  /** One more sample of H at a body size in KiB. */
  sampleHttp(kib: number): Promise<void>
  /** W: a mebibyte and an fdatasync, again and again; 10⁶ bytes a second. */
  stream(): Floor
  /** F: 4 KiB and an fdatasync, again and again; a second. */
  appends(): Floor
  /** H: requests a second of a bare node:http server, same client, same body size. */
  http(kib: number): Floor
}

/** `folder`: where the gateway will keep its data. */
export function createFloors(folder: string): Floors {
  const streams: number[] = []
  const appends: number[] = []
  const requests = new Map<number, number[]>()
  return {
    sampleDisk() {
      streams.push((durableWrites(folder, Buffer.alloc(MIB, 1), DISK_MS) * MIB) / 1e6)
      appends.push(durableWrites(folder, Buffer.alloc(4 * KIB, 1), DISK_MS))
    },
    async sampleHttp(kib) {
      const known = requests.get(kib) ?? []
      requests.set(kib, known)
      known.push(await bareHttpPerSecond(kib * KIB, HTTP_MS))
    },
    stream: () => ({ name: 'W', value: medianOf(streams), unit: 'MB/s' }),
    appends: () => ({ name: 'F', value: medianOf(appends), unit: '/s' }),
    http: (kib) => ({
      name: `H(${kib} KB)`,
      value: medianOf(requests.get(kib) ?? []),
      unit: '/s',
    }),
  }
}

/** Appends of `chunk`, each with its fdatasync, per second. */
function durableWrites(folder: string, chunk: Buffer, forMs: number): number {
  const file = join(folder, 'floor.tmp')
  const fd = openSync(file, 'w')
  const startedAt = performance.now()
  let writes = 0
  while (performance.now() - startedAt < forMs) {
    writeSync(fd, chunk)
    fdatasyncSync(fd)
    writes += 1
  }
  const elapsedMs = performance.now() - startedAt
  closeSync(fd)
  unlinkSync(file)
  return (writes * 1000) / elapsedMs
}

/** A bare node:http server in this process, answering 760 bytes to a body it only counts. */
async function openBareHttp(): Promise<{ port: number; close(): Promise<void> }> {
  const answer = 'x'.repeat(760)
  const server = createServer((request, response) => {
    request.on('data', () => undefined)
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': answer.length })
      response.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bareHttpPerSecond(bodyBytes: number, forMs: number): Promise<number> {
  const bare = await openBareHttp()
  const head = [
    'POST / HTTP/1.1',
    'Host: localhost',
    'Content-Type: text/xml',
    `Content-Length: ${bodyBytes}`,
    '\r\n',
  ].join('\r\n')
  const request = Buffer.concat([Buffer.from(head), Buffer.alloc(bodyBytes, 65)])
  const { perSecond } = await drive({
    port: bare.port,
    connections: CONNECTIONS,
    forMs,
    request,
    vary: 0,
    serial: 0,
    expect: '',
  })
  await bare.close()
  return perSecond
}
