/** A small real HTTP server on loopback that keeps what it got and answers what it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface Got {
  readonly method: string
  readonly path: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Buffer
}

export interface Answer {
  readonly status?: number
  readonly contentType?: string
  readonly body: string
}

export interface LoopbackServer {
  readonly port: number
  readonly got: readonly Got[]
}

/** Opens it for one test. */
export async function openLoopback(
  t: TestContext,
  answer: (got: Got) => Answer,
): Promise<LoopbackServer> {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, path: url, headers, body: Buffer.concat(chunks) }
      got.push(one)
      const { status = 200, contentType = 'application/json', body } = answer(one)
      response.writeHead(status, { 'content-type': contentType, connection: 'close' })
      response.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, got }
}
