/**
 * Wire bytes in both directions. Each file has a sidecar whose first line says where its form comes
 * from. `GOLDEN=write` rewrites what is expected, so that a change shows as a diff to be reviewed.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseContentType } from '../mime/content-type.ts'
import { decodeHeaders } from '../mime/headers.ts'
import { defaultMimeLimits } from '../mime/limits.ts'
import { decodeMm7Reply, decodeMm7Request } from './decode.ts'
import { encodeMm7, type Mm7Outgoing } from './encode.ts'
import { createMm7Reader, defaultMm7Limits, type Mm7ReaderOptions } from './request-reader.ts'

/** Compiled tests run from another tree, the golden files do not. */
const folder = new URL('../../../../src/codecs/mm7/golden/', import.meta.url)
const rewrite = process.env.GOLDEN === 'write'

interface Sidecar {
  readonly origin: string
  readonly kind: 'request' | 'reply' | 'written'
  readonly options?: Mm7ReaderOptions
  readonly write?: Mm7Outgoing
  readonly expected?: unknown
}

/** Reads a request file in pieces of one size and lists what came of it. */
function readRequest(raw: Buffer, options: Mm7ReaderOptions, size: number): unknown {
  const split = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(raw.indexOf('\n') + 1, split)
  const headers = decodeHeaders(head, defaultMimeLimits)
  assert.ok(headers.kind === 'ok')
  const contentType = parseContentType(headers.headers.get('content-type') ?? '')
  assert.ok(contentType !== undefined)
  const body = raw.subarray(split + 4)
  assert.equal(Number(headers.headers.get('content-length')), body.length)
  const bodies: string[] = []
  const sink = {
    leafStart: () => bodies.push(''),
    leafData: (bytes: Uint8Array) => {
      bodies.push(bodies.pop() + Buffer.from(bytes).toString('latin1'))
    },
    leafEnd: () => {},
  }
  const reader = createMm7Reader(contentType, defaultMm7Limits, sink, options)
  for (let at = 0; at < body.length; at += size) reader.push(body.subarray(at, at + size))
  return { ...plain(reader.end()), bodies }
}

/** A value as JSON can hold it: maps and sets spread out, `undefined` left out. */
function plain(value: unknown): Record<string, unknown> {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'contentType') return (inner as { mediaType?: string } | undefined)?.mediaType
    if (inner instanceof Map) return Object.fromEntries(inner)
    return inner instanceof Set ? [...inner].join(' ') : inner
  })
  return JSON.parse(text) as Record<string, unknown>
}

function read(name: string, sidecar: Sidecar, size: number): unknown {
  if (sidecar.kind === 'written') {
    assert.ok(sidecar.write !== undefined)
    return encodeMm7({ ...sidecar.write, transactionId: sidecar.write.transactionId })
  }
  if (sidecar.kind === 'reply') {
    return plain(decodeMm7Reply(readFileSync(new URL(`${name}.xml`, folder))))
  }
  return readRequest(readFileSync(new URL(`${name}.http`, folder)), sidecar.options ?? {}, size)
}

function check(name: string): void {
  const at = new URL(`${name}.json`, folder)
  const sidecar = JSON.parse(readFileSync(at, 'utf8')) as Sidecar
  const got = read(name, sidecar, 65_536)
  if (sidecar.kind === 'written') {
    const file = new URL(`${name}.xml`, folder)
    if (rewrite) writeFileSync(file, got as string)
    assert.equal(got, readFileSync(file, 'utf8'))
    const { operation, faultCode } = sidecar.write ?? {}
    const isError = faultCode !== undefined || operation?.name === 'VASPErrorRsp'
    const back = isError ? decodeMm7Reply(Buffer.from(got)) : decodeMm7Request(Buffer.from(got))
    assert.ok(back.kind === 'ok')
    assert.deepEqual(back.operation, operation)
    assert.equal(back.transactionId, sidecar.write?.transactionId)
    assert.deepEqual(back.issues, [])
    return
  }
  if (rewrite) writeFileSync(at, `${JSON.stringify({ ...sidecar, expected: got }, undefined, 2)}\n`)
  else assert.deepEqual(got, sidecar.expected)
  for (const size of [1, 7, 100]) assert.deepEqual(read(name, sidecar, size), got)
}

for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.json')) continue
  const name = file.slice(0, -'.json'.length)
  test(`golden: ${name}`, () => check(name))
}

test('every golden file has a sidecar that says where its form comes from', () => {
  for (const file of readdirSync(folder)) {
    if (file.startsWith('.') || file.endsWith('.json')) continue
    const sidecar = new URL(file.replace(/\.(http|xml)$/, '.json'), folder)
    assert.ok(existsSync(sidecar), file)
    const origin = readFileSync(sidecar, 'utf8').split('\n')[1] ?? ''
    assert.match(origin, /"origin": "(captured|made up|3GPP|SOAP)/, file)
  }
})
