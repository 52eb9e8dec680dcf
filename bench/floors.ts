/**
 * What the machine can do at best, measured in the same run as everything it is compared with: bare
 * HTTP, a bare durable append, a bare durable stream.
 */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { drive } from './http-load.ts'

/** Durable sequential writing: one mebibyte, one fdatasync, again. MB (10^6 bytes) per second. */
export function durableMegabytesPerSecond(folder: string, forMs: number): number {
  const chunk = Buffer.alloc(1024 * 1024, 1)
  const seconds = durableWrites(folder, chunk, forMs)
  return (seconds.perSecond * chunk.length) / 1e6
}

/** Appends of 4 KiB with one fdatasync each, per second. */
export function durableAppendsPerSecond(folder: string, forMs: number): number {
  return durableWrites(folder, Buffer.alloc(4096, 1), forMs).perSecond
}

function durableWrites(folder: string, chunk: Buffer, forMs: number): { perSecond: number } {
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
  return { perSecond: (writes * 1000) / elapsedMs }
}

/** A bare node:http server in this process, answering 760 bytes to a body it only counts. */
export async function openBareHttp(): Promise<{ port: number; close(): Promise<void> }> {
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

/** Bare HTTP requests per second at a body size, by the same client as every other figure. */
export async function bareHttpPerSecond(bodyBytes: number, forMs: number): Promise<number> {
  const bare = await openBareHttp()
  const body = Buffer.alloc(bodyBytes, 65)
  const head = [
    'POST / HTTP/1.1',
    'Host: localhost',
    'Content-Type: text/xml',
    `Content-Length: ${body.length}`,
    '\r\n',
  ].join('\r\n')
  const request = Buffer.concat([Buffer.from(head), body])
  const { perSecond } = await drive({
    port: bare.port,
    connections: 64,
    forMs,
    requests: [request],
    vary: 0,
  })
  await bare.close()
  return perSecond
}
