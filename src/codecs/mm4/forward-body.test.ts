import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMessageReader } from '../mime/entity-reader.ts'
import { encodeHeader } from '../mime/headers.ts'
import { defaultMimeLimits } from '../mime/limits.ts'
import { decodeTransfer, isTransferFault } from '../mime/transfer.ts'
import { type ForwardBody, planForwardBody, withSmallTexts } from './forward-body.ts'
import { createLineGuard } from './line-guard.ts'
import type { ForwardPart } from './part-encoding.ts'

function part(
  contentType: string,
  stored: Uint8Array | string,
  more: Partial<ForwardPart> = {},
): ForwardPart {
  const bytes = typeof stored === 'string' ? Buffer.from(stored) : stored
  return {
    mediaType: contentType.split(';')[0] ?? '',
    contentType,
    encoding: 'binary',
    length: bytes.length,
    async *open() {
      for (let from = 0; from < bytes.length; from += 1000) yield bytes.subarray(from, from + 1000)
    },
    ...more,
  }
}

async function wireOf(body: ForwardBody): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface Leaf {
  readonly type: string
  readonly id: string | undefined
  readonly encoding: string | undefined
  readonly content: Buffer | undefined
}

/** The whole mail, read again. */
async function readBack(body: ForwardBody): Promise<{ wire: string; leaves: Leaf[] }> {
  const wire = await wireOf(body)
  assert.equal(wire.length, body.bytes)
  const text = wire.toString('latin1')
  assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/, 'bare line ends')
  for (const line of text.split('\r\n')) assert.ok(line.length <= 998, 'line too long')
  if (!body.eightBit) assert.match(text, /^[\t -~\r\n]*$/, 'not seven bits')
  const leaves: Leaf[] = []
  let raw: Uint8Array[] = []
  let begun: Omit<Leaf, 'content'> = { type: '', id: undefined, encoding: undefined }
  const sink = {
    leafStart({
      headers,
      contentType,
    }: Parameters<Parameters<typeof createMessageReader>[1]['leafStart']>[0]) {
      raw = []
      begun = {
        type: contentType?.mediaType ?? '',
        id: headers.get('Content-ID'),
        encoding: headers.get('Content-Transfer-Encoding'),
      }
    },
    leafData: (bytes: Uint8Array) => void raw.push(Buffer.from(bytes)),
    leafEnd() {
      const content = decodeTransfer(begun.encoding, Buffer.concat(raw))
      leaves.push({
        ...begun,
        content: isTransferFault(content) ? undefined : Buffer.from(content),
      })
    },
  }
  const head = body.headers.map(({ name, value }) => encodeHeader(name, value)).join('')
  const reader = createMessageReader(defaultMimeLimits, sink, () => {})
  assert.equal(reader.push(Buffer.concat([Buffer.from(`${head}\r\n`), wire])), undefined)
  assert.equal(reader.end(), undefined)
  return { wire: text, leaves }
}

const SMIL = part('application/smil', '<smil><body/></smil>', { contentId: 'S.1' })
const PICTURE = part('image/jpeg; name="a b.jpg"', Buffer.from([0, 255, 13, 10, 46, 13]), {
  contentId: 'picture',
  contentLocation: 'a b.jpg',
})

test('parts with SMIL go into multipart/related, with type and start', async () => {
  const body = planForwardBody([SMIL, PICTURE], '81.1')
  assert.equal(
    body.headers[0]?.value,
    'multipart/related; type="application/smil"; start="<S.1>"; boundary="=_81.1"',
  )
  const { leaves } = await readBack(body)
  assert.deepEqual(
    leaves.map(({ type, id }) => [type, id]),
    [
      ['application/smil', '<S.1>'],
      ['image/jpeg', '<picture>'],
    ],
  )
  assert.deepEqual(leaves[1]?.content, Buffer.from([0, 255, 13, 10, 46, 13]))
})

test('SMIL without an id gets one that no other part has', async () => {
  const nameless = part('application/smil', '<smil/>')
  const named = part('text/plain', 'x', { contentId: '<smil>' })
  const { leaves } = await readBack(planForwardBody([nameless, named], 't'))
  assert.deepEqual(
    leaves.map(({ id }) => id),
    ['<smil-1>', '<smil>'],
  )
})

test('parts without SMIL go into multipart/mixed, one alone is the content itself', async () => {
  const mixed = planForwardBody([PICTURE, PICTURE], 't')
  assert.match(mixed.headers[0]?.value ?? '', /^multipart\/mixed; boundary="=_t"$/)
  await readBack(mixed)
  const single = planForwardBody([PICTURE], 't')
  assert.match(single.headers[0]?.value ?? '', /^image\/jpeg; name="a b\.jpg"$/)
  const { wire, leaves } = await readBack(single)
  assert.equal(wire, 'AP8NCi4N\r\n')
  assert.equal(leaves.length, 1)
  const nothing = planForwardBody([], 't')
  assert.equal(nothing.bytes, 0)
  await readBack(nothing)
})

const ENCODINGS: readonly (readonly [
  name: string,
  part: ForwardPart,
  eightBitMime: boolean,
  encoding: string,
])[] = [
  ['short ASCII text', part('text/plain', 'hello\r\nthere'), false, '7bit'],
  ['text with lines over 900', part('text/plain', 'x'.repeat(901)), false, 'quoted-printable'],
  [
    'mostly ASCII text',
    part('text/plain', 'a Sm\u00f8rrebr\u00f8d in Copenhagen'),
    false,
    'quoted-printable',
  ],
  ['the same to a peer with 8BITMIME', part('text/plain', 'Sm\u00f8rrebr\u00f8d'), true, '8bit'],
  ['mostly foreign text', part('text/plain', '\u4f60\u597d\u4e16\u754c'), false, 'base64'],
  [
    'text that is not UTF-8',
    part('text/plain', Buffer.from('a caf\xe9 is open', 'latin1')),
    false,
    'base64',
  ],
  ['text with LF alone', part('text/plain', 'a\nb'), true, 'base64'],
  ['text with CR alone at its end', part('text/plain', 'a\r'), false, 'base64'],
  ['text with NUL', part('text/plain', 'a\0b'), true, 'quoted-printable'],
  ['SMIL', SMIL, false, '7bit'],
  ['long text', part('text/plain', 'x\r\n'.repeat(20_000)), false, 'base64'],
  ['a picture', PICTURE, true, 'base64'],
  ['base64 already', part('image/jpeg', 'AAEC', { encoding: 'base64' }), false, 'base64'],
  [
    'quoted-printable already',
    part('text/plain', 'caf=C3=A9', { encoding: 'quoted-printable' }),
    false,
    'quoted-printable',
  ],
]

for (const [name, given, eightBitMime, encoding] of ENCODINGS) {
  test(`${name} travels in ${encoding} and arrives as it was`, async () => {
    const parts = await withSmallTexts([given, SMIL])
    const { leaves } = await readBack(planForwardBody(parts, 't', eightBitMime))
    const stored: Uint8Array[] = []
    for await (const chunk of given.open()) stored.push(chunk)
    assert.equal(leaves[0]?.encoding, encoding)
    assert.deepEqual(
      leaves[0]?.content,
      Buffer.from(decodeTransfer(given.encoding, Buffer.concat(stored)) as Uint8Array),
    )
  })
}

test('any bytes in any encoding arrive as they were, in clean lines of seven bits', async () => {
  const bytes = fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array))
  const text = fc
    .array(fc.constantFrom('a', '\r\n', '\n', '.', ' ', '\u00e6', '=', '--=_t', 'x'.repeat(500)))
    .map((pieces) => Buffer.from(pieces.join('')))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(bytes, text), { maxLength: 4 }), async (contents) => {
      const parts = contents.map((content) => part('text/plain', content))
      const { leaves } = await readBack(planForwardBody(await withSmallTexts(parts), 'tk'))
      if (contents.length === 0) return
      const found = leaves.map(({ content }) => content?.toString('latin1'))
      const expected = contents.map((content) => content.toString('latin1'))
      // A mail cannot end but with a line end; a single text without one gets it.
      if (found.length === 1 && found[0] === `${expected[0]}\r\n`) found[0] = expected[0]
      assert.deepEqual(found, expected)
    }),
    { numRuns: 60 },
  )
})

test('no name of a part makes a header of its own', async () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const given = part('text/plain', 'x', {
        contentType: `text/plain; name="${text}"`,
        contentId: text,
        contentLocation: text,
        fileName: text,
      })
      const wire = (await wireOf(planForwardBody([given, SMIL], 't'))).toString('latin1')
      const head = wire.slice(0, wire.indexOf('\r\n\r\n'))
      for (const line of head.split('\r\n').slice(1)) {
        assert.match(line, /^(Content-(Type|ID|Location|Disposition|Transfer-Encoding): | )/)
      }
    }),
  )
})

// --- what is stored unsound -----------------------------------------------------------------------

function guard(encoding: 'base64' | 'quoted-printable', chunks: readonly Uint8Array[]): string {
  const lines = createLineGuard(encoding)
  return Buffer.concat([...chunks.map((chunk) => lines.push(chunk)), lines.end()]).toString(
    'latin1',
  )
}

const anyCut = fc.array(fc.nat(2000), { maxLength: 5 })

function cut(whole: Buffer, places: readonly number[]): Buffer[] {
  const from = [0, ...places.filter((place) => place < whole.length).sort((a, b) => a - b)]
  return from.map((start, index) => whole.subarray(start, from[index + 1] ?? whole.length))
}

test('sound base64 passes a guard untouched', () => {
  const chunk = Buffer.from(`${'A'.repeat(76)}\r\nAAAA`)
  assert.equal(createLineGuard('base64').push(chunk), chunk)
})

test('base64 known to be in sound lines goes out as it lies in memory', async () => {
  const stored = Buffer.from(`${'A'.repeat(76)}\r\nAAAA`)
  const picture = part('image/png', stored, {
    encoding: 'base64',
    soundLines: true,
    open: () => [stored],
  })
  const chunks = planForwardBody([picture], 'token').chunks()
  assert.ok(Array.isArray(chunks))
  assert.equal(chunks[0], stored)
  assert.equal((await wireOf(planForwardBody([picture], 'token'))).length, stored.length + 2)
})

test('an octet that may not stand is found wherever it is and wherever the chunk begins', () => {
  for (let begin = 0; begin < 4; begin++) {
    for (let place = 0; place < 12; place++) {
      for (let octet = 0; octet < 256; octet++) {
        const chunk = Buffer.alloc(begin + 12, 'A').subarray(begin)
        chunk[place] = octet
        const stands =
          octet === 9 || octet === 13 ? place === 11 || octet === 9 : isPrintable(octet)
        assert.equal(
          createLineGuard('base64').push(chunk) === chunk,
          stands,
          `${octet} at ${place}`,
        )
      }
    }
  }
})

function isPrintable(octet: number): boolean {
  return octet >= 0x20 && octet < 0x7f
}

test('base64 in one endless line, or with LF alone, is written in lines and decodes the same', () => {
  const lineEnd = fc.constantFrom('', '\n', '\r\n', '\r')
  const columns = fc.integer({ min: 4, max: 1500 })
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3000 }),
      lineEnd,
      columns,
      anyCut,
      (data, end, size, places) => {
        const text = Buffer.from(data).toString('base64')
        const lines = text.match(new RegExp(`.{1,${size}}`, 'g'))?.join(end) ?? ''
        const out = guard('base64', cut(Buffer.from(lines), places))
        assert.deepEqual(Buffer.from(out, 'base64'), Buffer.from(data))
        assertClean(out)
      },
    ),
  )
})

test('quoted-printable with raw octets, LF alone or endless lines is repaired', () => {
  const piece = fc.constantFrom(
    'a',
    '=C3=A9',
    '=\r\n',
    '\n',
    '\r\n',
    '\r',
    '\xe9',
    'x'.repeat(600),
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece), anyCut, (pieces, places) => {
      const stored = pieces.join('')
      const out = guard('quoted-printable', cut(Buffer.from(stored, 'latin1'), places))
      assertClean(out)
      const decode = (text: string) =>
        Buffer.from(decodeTransfer('quoted-printable', Buffer.from(text, 'latin1')) as Uint8Array)
          .toString('latin1')
          .replace(/\r\n|\r|\n/g, '\n')
      // A lone LF counts as a line end on both sides; what stands in the lines must be the same.
      assert.equal(decode(out), decode(stored.replace(/\r\n|\r|\n/g, '\r\n')))
    }),
  )
})

test('a line cut at its very limit is broken before it, where the soft break still fits', () => {
  const line = Buffer.from('x'.repeat(1200))
  assertClean(guard('quoted-printable', [line.subarray(0, 998), line.subarray(998)]))
})

test('anything at all comes out of a guard in clean lines', () => {
  const encoding = fc.constantFrom('base64' as const, 'quoted-printable' as const)
  fc.assert(
    fc.property(encoding, fc.array(fc.uint8Array({ maxLength: 400 })), (name, chunks) => {
      assertClean(guard(name, chunks))
    }),
  )
})

function assertClean(text: string): void {
  assert.match(text, /^[\t -~\r\n]*$/)
  assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/)
  for (const line of text.split('\r\n')) assert.ok(line.length <= 998)
}
