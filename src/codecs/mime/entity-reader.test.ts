import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createEntityReader, createMessageReader, type EntityReader } from './entity-reader.ts'
import type { MimeFault } from './fault.ts'
import { createHeaders } from './headers.ts'
import { defaultMimeLimits } from './limits.ts'

/** What a sink saw, pieces joined, as lines of text. */
function createRecorder(options: { nested?: boolean } = {}) {
  const seen: string[] = []
  let body = ''
  const sink = {
    containerStart: (_: unknown, type: { mediaType: string }, path: readonly number[]) => {
      seen.push(`open ${path.join('.')} ${type.mediaType}`)
    },
    containerEnd: (path: readonly number[]) => {
      seen.push(`close ${path.join('.')}`)
    },
    leafStart: (leaf: {
      contentType: { mediaType: string } | undefined
      path: readonly number[]
    }) => {
      seen.push(`leaf ${leaf.path.join('.')} ${leaf.contentType?.mediaType ?? 'untyped'}`)
      body = ''
    },
    leafData: (bytes: Uint8Array) => {
      body += Buffer.from(bytes).toString('latin1')
    },
    leafEnd: () => {
      seen.push(JSON.stringify(body))
    },
  }
  const nestedFault = (fault: MimeFault) => {
    seen.push(`broken ${fault.at.join('.')} ${fault.fault}`)
  }
  return { seen, sink: options.nested ? { ...sink, nestedFault } : sink }
}

function feed(reader: EntityReader, bytes: Uint8Array, sizes: readonly number[]): string[] {
  let position = 0
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    const fault = reader.push(bytes.subarray(position, position + size))
    if (fault !== undefined) return [`fault ${fault.fault} at ${fault.at.join('.')}`]
    position += size
  }
  const fault = reader.end()
  return fault === undefined ? [] : [`fault ${fault.fault} at ${fault.at.join('.')}`]
}

function read(body: string, sizes: readonly number[] = [1 << 20], nested = false): string[] {
  const { seen, sink } = createRecorder({ nested })
  const headers = createHeaders([{ name: 'content-type', value: 'multipart/related; boundary=B' }])
  const reader = createEntityReader(headers, defaultMimeLimits, sink)
  const outcome = feed(reader, Buffer.from(body, 'latin1'), sizes)
  return [...seen, ...outcome]
}

const whole = ['open  multipart/related', 'leaf 0 text/plain', '"hi"', 'close ']

const readings: [string, string, string[]][] = [
  ['the plain form', '--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n--B--\r\n', whole],
  [
    'no line end after the last delimiter',
    '--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n--B--',
    whole,
  ],
  [
    'a preamble and an epilogue',
    'pre\r\n--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n--B--\r\n--B\r\nepilogue',
    whole,
  ],
  [
    'an empty line before the first delimiter',
    '\r\n--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n--B--\r\n',
    whole,
  ],
  ['LF line ends', '\n--B\nContent-Type: text/plain\n\nhi\n--B--\n', whole],
  [
    'blanks after the delimiters',
    '--B \r\nContent-Type: text/plain\r\n\r\nhi\r\n--B-- \t\r\n',
    whole,
  ],
  [
    'a part without headers',
    '--B\r\n\r\nhi\r\n--B--',
    ['open  multipart/related', 'leaf 0 untyped', '"hi"', 'close '],
  ],
  [
    'a part without a body',
    '--B\r\nContent-Type: text/plain\r\n\r\n--B--',
    ['open  multipart/related', 'leaf 0 text/plain', '""', 'close '],
  ],
  [
    'a part of headers only',
    '--B\r\nContent-Type: text/plain\r\n--B--',
    ['open  multipart/related', 'leaf 0 text/plain', '""', 'close '],
  ],
  ['an empty part', '--B\r\n--B--', ['open  multipart/related', 'leaf 0 untyped', '""', 'close ']],
  [
    'a longer word that begins like the delimiter',
    '--B\r\n\r\n--Bogus\r\n--B-\r\n--B--x\r\n --B\r\n--B--',
    [
      'open  multipart/related',
      'leaf 0 untyped',
      '"--Bogus\\r\\n--B-\\r\\n--B--x\\r\\n --B"',
      'close ',
    ],
  ],
  [
    'a body that ends with line ends',
    '--B\r\n\r\nhi\r\n\r\n\n\r\n--B--',
    ['open  multipart/related', 'leaf 0 untyped', '"hi\\r\\n\\r\\n\\n"', 'close '],
  ],
  [
    'a bare CR before a delimiter',
    '--B\r\n\r\nhi\r\r\n--B--',
    ['open  multipart/related', 'leaf 0 untyped', '"hi\\r"', 'close '],
  ],
  [
    'a multipart in a multipart',
    '--B\r\nContent-Type: multipart/mixed; boundary=B2\r\n\r\nx\r\n--B2\r\n\r\n1\r\n--B2\r\n\r\n2\r\n--B2--\r\ny\r\n--B\r\n\r\n3\r\n--B--',
    [
      'open  multipart/related',
      'open 0 multipart/mixed',
      'leaf 0.0 untyped',
      '"1"',
      'leaf 0.1 untyped',
      '"2"',
      'close 0',
      'leaf 1 untyped',
      '"3"',
      'close ',
    ],
  ],
  [
    'an inner closing delimiter right before the outer',
    '--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\n1\r\n--C--\r\n--B--',
    [
      'open  multipart/related',
      'open 0 multipart/mixed',
      'leaf 0.0 untyped',
      '"1"',
      'close 0',
      'close ',
    ],
  ],
  ['nothing', '', ['open  multipart/related', 'fault no-parts at ']],
  ['another boundary', '--C\r\n\r\nhi\r\n--C--', ['open  multipart/related', 'fault no-parts at ']],
  ['only the last delimiter', '--B--', ['open  multipart/related', 'fault no-parts at ']],
  [
    'no last delimiter',
    '--B\r\n\r\nhi\r\n',
    ['open  multipart/related', 'leaf 0 untyped', 'fault not-closed at '],
  ],
  [
    'a delimiter without its line end',
    '--B\r\n\r\nhi\r\n--B',
    ['open  multipart/related', 'leaf 0 untyped', '"hi"', 'leaf 1 untyped', 'fault not-closed at '],
  ],
  [
    'a header line without a colon',
    '--B\r\nhello\r\n\r\n--B--',
    ['open  multipart/related', 'fault header-malformed at 0'],
  ],
  [
    'a multipart without a boundary inside',
    '--B\r\nContent-Type: multipart/mixed\r\n\r\n--B--',
    ['open  multipart/related', 'fault boundary-missing at 0'],
  ],
  [
    'an inner multipart without an end',
    '--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\n1\r\n--B--',
    [
      'open  multipart/related',
      'open 0 multipart/mixed',
      'leaf 0.0 untyped',
      '"1"',
      'fault not-closed at 0',
    ],
  ],
  [
    'an inner multipart without parts',
    '--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\nx\r\n--B--',
    ['open  multipart/related', 'open 0 multipart/mixed', 'fault no-parts at 0'],
  ],
  [
    'a hundred and one parts',
    `${'--B\r\n\r\n\r\n'.repeat(101)}--B--`,
    [
      'open  multipart/related',
      ...Array.from({ length: 100 }, (_, i) => [`leaf ${i} untyped`, '""']).flat(),
      'fault too-many-parts at ',
    ],
  ],
  [
    'headers without an end',
    `--B\r\n${'A: b\r\n'.repeat(11_000)}`,
    ['open  multipart/related', 'fault headers-too-long at 0'],
  ],
]

for (const [name, body, expected] of readings) {
  test(`a multipart is read: ${name}`, () => assert.deepEqual(read(body), expected))

  test(`a multipart is read alike in pieces of any size: ${name}`, () => {
    const sizes = body.length > 5_000 ? [1, 7, 1_000] : [1, 2, 3, 5, 7, 11, 13]
    for (const size of sizes) assert.deepEqual(read(body, [size]), expected)
    for (let cut = 1; cut < Math.min(body.length, 300); cut++) {
      assert.deepEqual(read(body, [cut, body.length]), expected)
    }
  })
}

const broken: [string, string, string[]][] = [
  ['no boundary', 'multipart/mixed', ['broken 0 boundary-missing']],
  [
    'not closed',
    'multipart/mixed; boundary=C',
    ['open 0 multipart/mixed', 'leaf 0.0 untyped', '"1"', 'broken 0 not-closed', 'close 0'],
  ],
  [
    'no parts',
    'multipart/mixed; boundary=D',
    ['open 0 multipart/mixed', 'broken 0 no-parts', 'close 0'],
  ],
]

for (const [name, type, expected] of broken) {
  test(`a sink that asks for it reads on after a broken inner multipart: ${name}`, () => {
    const body = `--B\r\nContent-Type: ${type}\r\n\r\n--C\r\n\r\n1\r\n--B\r\n\r\n2\r\n--B--`
    const all = ['open  multipart/related', ...expected, 'leaf 1 untyped', '"2"', 'close ']
    assert.deepEqual(read(body, [1_000], true), all)
    assert.deepEqual(read(body, [1], true), all)
  })
}

test('an entity that is no multipart is one leaf', () => {
  const { seen, sink } = createRecorder()
  const headers = createHeaders([{ name: 'Content-Type', value: 'text/xml' }])
  const reader = createEntityReader(headers, defaultMimeLimits, sink)
  feed(reader, Buffer.from('--B\r\n<a/>\r\n'), [3])
  assert.deepEqual(seen, ['leaf  text/xml', '"--B\\r\\n<a/>\\r\\n"'])
})

test('a message tells its headers first, in pieces of any size', () => {
  const message =
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nhi\r\n--q--\r\n'
  for (const size of [1, 2, 3, 17, 1_000]) {
    const { seen, sink } = createRecorder()
    const reader = createMessageReader(defaultMimeLimits, sink, (headers) => {
      seen.push(`headers ${headers.get('subject')}`)
    })
    feed(reader, Buffer.from(message), [size])
    const expected = ['headers x', 'open  multipart/mixed', 'leaf 0 untyped', '"hi"', 'close ']
    assert.deepEqual(seen, expected)
  }
})

test('a message of headers only is one empty leaf', () => {
  const { seen, sink } = createRecorder()
  const reader = createMessageReader(defaultMimeLimits, sink, () => {})
  assert.deepEqual(feed(reader, Buffer.from('Subject: x'), [4]), [])
  assert.deepEqual(seen, ['leaf  untyped', '""'])
})

test('multiparts nested beyond the limit are refused', () => {
  let body = ''
  for (let i = 0; i < 20; i++) {
    body += `--B${i === 0 ? '' : i}\r\nContent-Type: multipart/mixed; boundary=B${i + 1}\r\n\r\n`
  }
  assert.equal(read(body).at(-1), 'fault too-deep at 0.0.0.0.0.0.0.0')
})

const pieces = fc.constantFrom(
  '--B',
  '--B--',
  '--C',
  '--C--',
  '\r\n',
  '\n',
  '\r',
  ' ',
  '-',
  '--',
  'B',
  'x',
  ':',
  'A: b\r\n',
  'Content-Type: multipart/mixed; boundary=C\r\n',
  '\r\n--B\r\n',
  '\r\n--C\r\n',
  '\r\n\r\n',
)

test('any bytes in any chunking give the same result, and never throw', () => {
  const chunking = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }),
      chunking,
      fc.boolean(),
      (list, sizes, nested) => {
        const body = list.join('')
        assert.deepEqual(read(body, sizes, nested), read(body, [1 << 20], nested))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('a flood of empty parts and of false delimiters ends in linear time', () => {
  const started = performance.now()
  assert.equal(read('--B\r\n\r\n'.repeat(100_000)).at(-1), 'fault too-many-parts at ')
  read(`--B\r\n\r\n${'\r\n--Bx'.repeat(200_000)}\r\n--B--`, [65_536])
  assert.ok(performance.now() - started < 3_000)
})
