/**
 * Mails in both directions. Each file has a sidecar whose first line says where its form comes from.
 * `GOLDEN=write` rewrites what is expected, so that a change shows as a diff to be reviewed.
 */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { MimeFault } from '../mime/fault.ts'
import { defaultMimeLimits } from '../mime/limits.ts'
import { encodeMm4, type Mm4Mail } from './encode.ts'
import { planForwardBody, withSmallTexts } from './forward-body.ts'
import type { ForwardPart } from './part-encoding.ts'
import { createMm4Reader, type Mm4Sink } from './reader.ts'
import type { Mm4Decoded, Mm4Message } from './types.ts'

/** Compiled tests run from another tree, the golden files do not. */
const folder = new URL('../../../../src/codecs/mm4/golden/', import.meta.url)
const rewrite = process.env.GOLDEN === 'write'

interface WrittenPart extends Partial<Omit<ForwardPart, 'bytes'>> {
  readonly contentType: string
  readonly bytes: string
}

type Sidecar =
  | { readonly origin: string; readonly kind: 'read'; readonly expected: unknown }
  | {
      readonly origin: string
      readonly kind: 'written'
      readonly message: Mm4Message
      readonly mail: Mm4Mail
      readonly parts?: readonly WrittenPart[]
    }

/** Reads a mail in pieces of one size and lists what came of it. */
function read(mail: Buffer, size: number): unknown {
  const parts: { type: string | undefined; id: string | undefined; body: string }[] = []
  let decoded: Mm4Decoded | undefined
  const sink: Mm4Sink = {
    message(told) {
      decoded = told
    },
    leafStart: ({ headers, contentType }) =>
      void parts.push({
        type: contentType?.mediaType,
        id: headers.get('Content-ID'),
        body: '',
      }),
    leafData(bytes) {
      const part = parts.at(-1)
      if (part !== undefined) part.body += Buffer.from(bytes).toString('latin1')
    },
    leafEnd: () => {},
  }
  const reader = createMm4Reader(defaultMimeLimits, sink)
  let fault: MimeFault | undefined
  for (let at = 0; at < mail.length; at += size) fault = reader.push(mail.subarray(at, at + size))
  fault = reader.end()
  return JSON.parse(JSON.stringify({ decoded, parts, fault: fault?.fault }))
}

async function write(sidecar: Extract<Sidecar, { kind: 'written' }>): Promise<Buffer> {
  const { message, mail } = sidecar
  if (sidecar.parts === undefined) return Buffer.from(encodeMm4(message, mail))
  const parts = sidecar.parts.map(({ bytes: text, ...part }): ForwardPart => {
    const bytes = Buffer.from(text)
    return {
      mediaType: part.contentType.split(';')[0] ?? '',
      encoding: 'binary',
      length: bytes.length,
      async *open() {
        yield bytes
      },
      ...part,
    }
  })
  const body = planForwardBody(await withSmallTexts(parts), 'golden')
  const pieces: Uint8Array[] = [encodeMm4(message, { ...mail, content: body.headers })]
  for await (const chunk of body.chunks()) pieces.push(chunk)
  return Buffer.concat(pieces)
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5))

for (const name of names) {
  const sidecarFile = new URL(`${name}.json`, folder)
  const mailFile = new URL(`${name}.eml`, folder)
  const sidecar = JSON.parse(readFileSync(sidecarFile, 'utf-8')) as Sidecar

  test(`golden: ${name}`, async () => {
    assert.ok(sidecar.origin.length > 0)
    if (sidecar.kind === 'written') {
      const bytes = await write(sidecar)
      if (rewrite) writeFileSync(mailFile, bytes)
      assert.equal(bytes.toString('latin1'), readFileSync(mailFile, 'latin1'))
      return
    }
    const mail = readFileSync(mailFile)
    const whole = read(mail, mail.length)
    if (rewrite) {
      writeFileSync(sidecarFile, `${JSON.stringify({ ...sidecar, expected: whole }, null, 2)}\n`)
    } else {
      assert.deepEqual(whole, sidecar.expected)
    }
    for (const size of [1, 7, 100]) assert.deepEqual(read(mail, size), whole)
  })
}

test('every mail has a sidecar', () => {
  const mails = readdirSync(folder).filter((file) => file.endsWith('.eml'))
  assert.deepEqual(mails.map((file) => file.slice(0, -4)).sort(), [...names].sort())
})
