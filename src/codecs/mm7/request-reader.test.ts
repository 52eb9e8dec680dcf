import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ContentType, contentType, parseContentType } from '../mime/content-type.ts'
import { encodeMm7 } from './encode.ts'
import { type OutgoingPart, writeMm7Body } from './multipart-writer.ts'
import {
  createMm7Reader,
  defaultMm7Limits,
  leavesOf,
  type Mm7Decoded,
  type Mm7ReaderOptions,
  readMm7Reply,
} from './request-reader.ts'
import { namespaceFor } from './versions.ts'

const MM7 = namespaceFor('6.8.0')

function envelope(href?: string): string {
  return encodeMm7({
    transactionId: 't-1',
    namespace: MM7,
    operation: {
      name: 'SubmitReq',
      mm7Version: '6.8.0',
      ...(href === undefined ? {} : { content: { href } }),
    },
  })
}

interface Outcome {
  readonly decoded: Mm7Decoded
  /** Bodies of the leaves the sink got, by path. */
  readonly bodies: Readonly<Record<string, string>>
}

function read(
  type: ContentType,
  body: Uint8Array,
  options: Mm7ReaderOptions = {},
  sizes: readonly number[] = [1 << 20],
): Outcome {
  const bodies: Record<string, string> = {}
  let path = ''
  const sink = {
    leafStart: (leaf: { path: readonly number[] }) => {
      path = leaf.path.join('.')
      bodies[path] = ''
    },
    leafData: (bytes: Uint8Array) => {
      bodies[path] += Buffer.from(bytes).toString('latin1')
    },
    leafEnd: () => {},
  }
  const reader = createMm7Reader(type, defaultMm7Limits, sink, options)
  let at = 0
  for (let i = 0; at < body.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    const fault = reader.push(body.subarray(at, at + size))
    if (fault !== undefined) return { decoded: fault, bodies }
    at += size
  }
  return { decoded: reader.end(), bodies }
}

const RELATED = contentType('multipart/related', { boundary: 'B', type: 'text/xml' })
const started = (start: string) => contentType('multipart/related', { boundary: 'B', start })
const XML = 'Content-Type: text/xml; charset=utf-8\r\n'
const part = (headers: string, body: string) => `--B\r\n${headers}\r\n${body}\r\n`

function multipart(...parts: string[]): Buffer {
  return Buffer.from(`${parts.join('')}--B--\r\n`)
}

/** Content reference, headers of the part, whether they belong together. */
const references: [string, string, string, boolean][] = [
  ['brackets on one side only', 'cid:a', 'Content-ID: <a>\r\n', true],
  ['brackets on no side', 'cid:a', 'Content-ID: a\r\n', true],
  ['brackets on both sides', 'cid:<a>', 'Content-ID: <a>\r\n', true],
  ['several brackets', 'cid:a', 'Content-ID: <<a>>\r\n', true],
  ['slashes in the id', 'cid:/x/y', 'Content-ID: </x/y>\r\n', true],
  ['a blank after the scheme', 'cid: a', 'Content-ID: <a>\r\n', true],
  ['the scheme in capitals', 'CID:a', 'Content-ID: <a>\r\n', true],
  ['no scheme', 'a', 'Content-ID: <a>\r\n', true],
  ['percent-encoding', 'cid:a%40b', 'Content-ID: <a@b>\r\n', true],
  ['a broken percent-encoding', 'cid:a%4', 'Content-ID: <a%4>\r\n', true],
  ['Content-Location', 'a.jpg', 'Content-Location: a.jpg\r\n', true],
  ['Content-Location by cid', 'cid:a.jpg', 'Content-Location: a.jpg\r\n', true],
  ['a URL that a part is located at', 'http://x/a', 'Content-Location: http://x/a\r\n', true],
  ['another case', 'cid:A', 'Content-ID: <a>\r\n', false],
  ['a prefix of the id', 'cid:a', 'Content-ID: <ab>\r\n', false],
  ['a name parameter', 'cid:a.txt', 'Content-Type: text/plain; name=a.txt\r\n', false],
]

for (const [name, href, headers, found] of references) {
  test(`an href ${found ? 'finds' : 'does not find'} its part: ${name}`, () => {
    const body = multipart(part(XML, envelope(href)), part(headers, 'hi'))
    const { decoded } = read(RELATED, body)
    assert.ok(decoded.kind === 'ok')
    assert.equal(decoded.content.kind, found ? 'part' : 'missing')
  })
}

test('an href that two parts answer to is ambiguous', () => {
  const twice = part('Content-ID: <a>\r\n', 'hi')
  const { decoded } = read(RELATED, multipart(part(XML, envelope('cid:a')), twice, twice))
  assert.deepEqual(decoded.kind === 'ok' && decoded.content, {
    kind: 'missing',
    href: 'cid:a',
    because: 'ambiguous',
  })
})

test('an href by URL is told as one, and no Content as none', () => {
  const url = read(RELATED, multipart(part(XML, envelope('https://x/a'))))
  assert.deepEqual(url.decoded.kind === 'ok' && url.decoded.content, {
    kind: 'url',
    href: 'https://x/a',
  })
  const none = read(RELATED, multipart(part(XML, envelope())))
  assert.deepEqual(none.decoded.kind === 'ok' && none.decoded.content, { kind: 'none' })
})

test('an application may take the first part where Content names none', () => {
  const body = multipart(part(XML, envelope()), part('Content-Type: text/plain\r\n', 'hi'))
  const { decoded } = read(RELATED, body, { takesFirstPart: true })
  assert.ok(decoded.kind === 'ok' && decoded.content.kind === 'part')
  assert.deepEqual(decoded.content.part.path, [1])
})

const root = part(`${XML}Content-ID: <root>\r\n`, envelope('cid:a'))
const text = part('Content-ID: <a>\r\n', 'hi')

const starts: [string, ContentType, Buffer, string][] = [
  ['the first part where there is no start', RELATED, multipart(root, text), '1'],
  ['the part that start names', started('<root>'), multipart(text, root), '0'],
  ['start without brackets', started('root'), multipart(text, root), '0'],
  ['the first part where start names none', started('<none>'), multipart(root, text), '1'],
  ['the last of three', started('root'), multipart(text, part('', 'x'), root), '0'],
]

for (const [name, type, body, leaf] of starts) {
  test(`the envelope is found: ${name}`, () => {
    for (const size of [1, 10, 100_000]) {
      const { decoded, bodies } = read(type, body, {}, [size])
      assert.ok(decoded.kind === 'ok' && decoded.content.kind === 'part')
      assert.equal(bodies[leaf], 'hi')
      assert.equal(decoded.content.part.path.join('.'), leaf)
    }
  })
}

test('a first part too long for an envelope is a leaf like others', () => {
  const long = 'x'.repeat(300_000)
  const body = multipart(part('', long), root, text)
  const { decoded, bodies } = read(started('root'), body, {}, [10_000])
  assert.equal(decoded.kind, 'ok')
  assert.equal(bodies[0]?.length, long.length)
  const without = read(started('none'), multipart(part(XML, long)), {}, [10_000])
  assert.equal(without.decoded.kind === 'fault' && without.decoded.fault, 'root-part-type')
})

test('a transfer-encoded envelope is decoded', () => {
  const base64 = Buffer.from(envelope()).toString('base64')
  const sound = part(`${XML}Content-Transfer-Encoding: BASE64\r\n`, base64)
  assert.equal(read(RELATED, multipart(sound)).decoded.kind, 'ok')
  const broken = part(`${XML}Content-Transfer-Encoding: base64\r\n`, '*')
  const { decoded } = read(RELATED, multipart(broken))
  assert.equal(decoded.kind === 'fault' && decoded.fault, 'xml-unreadable')
})

const refusals: [string, ContentType, Buffer, string][] = [
  ['the boundary never comes', RELATED, Buffer.from('--C\r\n\r\nx'), 'mime-unreadable'],
  ['an empty body', RELATED, Buffer.alloc(0), 'mime-unreadable'],
  ['no closing delimiter', RELATED, Buffer.from(root), 'mime-unreadable'],
  ['no boundary parameter', contentType('multipart/related'), multipart(root), 'mime-unreadable'],
  [
    'too many parts',
    RELATED,
    multipart(...Array.from({ length: 101 }, () => text)),
    'mime-unreadable',
  ],
  ['a root part without a type', RELATED, multipart(part('', envelope())), 'root-part-type'],
  [
    'a root part with an unreadable type',
    RELATED,
    multipart(part('Content-Type: xml\r\n', envelope())),
    'root-part-type',
  ],
  [
    'a root part of another type',
    RELATED,
    multipart(part('Content-Type: text/plain\r\n', envelope())),
    'root-part-type',
  ],
  [
    'a root part in an unknown charset',
    RELATED,
    multipart(part('Content-Type: text/xml; charset=x-none\r\n', envelope())),
    'root-part-type',
  ],
  [
    'a root part that is a multipart',
    RELATED,
    multipart(part('Content-Type: multipart/mixed; boundary=C\r\n', '--C\r\n\r\nx\r\n--C--')),
    'root-part-type',
  ],
  [
    'an envelope above the cap',
    RELATED,
    multipart(part(XML, 'x'.repeat(300_000))),
    'xml-unreadable',
  ],
  ['an envelope that is no XML', RELATED, multipart(part(XML, 'hello')), 'xml-unreadable'],
  ['a bare body that is no XML', contentType('text/xml'), Buffer.from('hello'), 'xml-unreadable'],
  [
    'a bare body in an unknown charset',
    contentType('text/xml', { charset: 'x-none' }),
    Buffer.from(envelope()),
    'charset-unknown',
  ],
]

for (const [name, type, body, fault] of refusals) {
  test(`a body is refused: ${name}`, () => {
    for (const size of [7, 1 << 20]) {
      const { decoded } = read(type, body, {}, [size])
      assert.equal(decoded.kind === 'fault' ? decoded.fault : 'ok', fault)
    }
  })
}

test('a refused body still tells whom to answer where its envelope can be read', () => {
  const cut = Buffer.from(root + text)
  for (const body of [cut, multipart(part('Content-Type: a/b\r\n', envelope()))]) {
    const { decoded } = read(RELATED, body)
    assert.ok(decoded.kind === 'fault')
    assert.deepEqual(
      [decoded.transactionId, decoded.mm7Version, decoded.namespace],
      ['t-1', '6.8.0', MM7],
    )
  }
})

test('the types of attachments are told as they are, and refuse nothing', () => {
  const body = multipart(root, text, part('Content-Type: nonsense\r\n', 'x'))
  const { decoded } = read(RELATED, body)
  assert.ok(decoded.kind === 'ok')
  assert.deepEqual(
    decoded.parts.map((p) => [p.contentTypeWritten, p.contentType]),
    [
      [false, undefined],
      [true, undefined],
    ],
  )
})

test('a broken multipart inside is told as a fact, and the outer one read to its end', () => {
  const inner = part(
    'Content-Type: multipart/mixed; boundary=C\r\nContent-ID: <a>\r\n',
    '--C\r\n\r\nx',
  )
  const { decoded } = read(RELATED, multipart(root, inner, part('', 'last')))
  assert.ok(decoded.kind === 'ok')
  assert.equal(decoded.content.kind, 'part')
  assert.deepEqual(
    decoded.broken.map((fault) => [fault.fault, fault.at]),
    [['not-closed', [1]]],
  )
  assert.equal(decoded.parts.length, 3)
})

test('a reply is read out of a multipart, and a claim to be one is forgiven', () => {
  const reply = encodeMm7({
    transactionId: 't-1',
    namespace: MM7,
    operation: {
      name: 'SubmitRsp',
      mm7Version: '6.8.0',
      status: { statusCode: 1000, statusText: 'Success' },
    },
  })
  const wrapped = readMm7Reply(RELATED, multipart(part(XML, reply)))
  const claimed = readMm7Reply(contentType('multipart/related'), Buffer.from(reply))
  const plain = readMm7Reply(contentType('application/xml'), Buffer.from(reply))
  for (const decoded of [wrapped, claimed, plain]) assert.equal(decoded.kind, 'ok')
})

const outgoing = fc.record({
  contentType: fc.constantFrom('text/plain; charset=utf-8', 'image/jpeg', 'application/smil'),
  body: fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .constantFrom('\r\n--outer_tok\r\n', '--inner_tok', '\r\n--outer_tok1--', '--out')
        .map((t) => Buffer.from(t)),
    ),
    { maxLength: 4 },
  ),
  transferEncoding: fc.constantFrom('binary' as const, 'base64' as const),
})

test('any body that is written is read back, whatever its content and the chunking', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(outgoing, { maxLength: 4 }), sizes, (list, chunking) => {
      const parts: OutgoingPart[] = list.map((p, i) => ({ ...p, contentId: `id${i}` }))
      const xml = envelope(parts.length === 0 ? undefined : 'cid:message')
      const written = writeMm7Body({ envelope: xml, parts, contentId: 'message', token: 'tok' })
      const bytes = Buffer.concat(written.pieces)
      assert.equal(bytes.length, written.contentLength)
      const type = parseContentType(written.contentType)
      assert.ok(type !== undefined)
      const { decoded, bodies } = read(type, bytes, {}, chunking)
      assert.ok(decoded.kind === 'ok')
      assert.equal(decoded.content.kind, parts.length === 0 ? 'none' : 'part')
      if (decoded.content.kind !== 'part') return
      const leaves = leavesOf(decoded.content.part, decoded.parts)
      assert.equal(leaves.length, parts.length)
      leaves.forEach((leaf, i) => {
        const encoded = bodies[leaf.path.join('.')] ?? ''
        const content =
          leaf.transferEncoding === 'base64'
            ? Buffer.from(encoded, 'base64')
            : Buffer.from(encoded, 'latin1')
        assert.ok(content.equals(Buffer.concat(parts[i]?.body ?? [])))
      })
    }),
  )
})

test('one part is sent as it is, several related where there is SMIL, else mixed', () => {
  const smil = { contentType: 'application/smil', body: [], contentId: 's' }
  const image = { contentType: 'image/png', body: [] }
  const typeOf = (parts: readonly OutgoingPart[]) => {
    const written = writeMm7Body({ envelope: envelope('cid:m'), parts, contentId: 'm', token: 't' })
    const { decoded } = read(
      parseContentType(written.contentType) ?? RELATED,
      Buffer.concat(written.pieces),
    )
    return decoded.kind === 'ok' && decoded.content.kind === 'part'
      ? decoded.content.part.contentType
      : undefined
  }
  assert.equal(typeOf([image])?.mediaType, 'image/png')
  assert.equal(typeOf([image, image])?.mediaType, 'multipart/mixed')
  const related = typeOf([image, smil])
  assert.equal(related?.mediaType, 'multipart/related')
  assert.deepEqual(
    [related?.parameters.get('type'), related?.parameters.get('start')],
    ['application/smil', '<s>'],
  )
})

test('a flood of parts before the envelope keeps memory and time small', () => {
  const before = performance.now()
  const flood = Buffer.from('--B\r\n\r\n\r\n'.repeat(100_000))
  const { decoded } = read(RELATED, flood, {}, [65_536])
  assert.equal(decoded.kind === 'fault' && decoded.fault, 'mime-unreadable')
  assert.ok(performance.now() - before < 1_000)
})
