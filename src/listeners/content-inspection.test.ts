import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseContentType } from '../codecs/mime/content-type.ts'
import { areEncodedWordsReadable } from '../codecs/mime/encoded-word.ts'
import { createMessageReader } from '../codecs/mime/entity-reader.ts'
import { defaultMimeLimits } from '../codecs/mime/limits.ts'
import { openMemoryMedia } from '../media/memory/media.ts'
import { createInspector, FOR_CONSENT, FOR_POLICIES, type Inspected } from './content-inspection.ts'
import { createContentIntake } from './content-intake.ts'
import { keywordIn } from './keyword.ts'

type GivenPart = readonly [type: string, bytes: string]

/** Every part's bytes in pieces of this size. */
function inspect(parts: readonly GivenPart[], size = 7, inspection = FOR_POLICIES): Inspected {
  const inspector = createInspector(inspection)
  for (const [type, latin1] of parts) {
    const contentType = parseContentType(type)
    const bytes = Buffer.from(latin1, 'latin1')
    inspector.partStart(contentType?.mediaType ?? '', contentType)
    for (let i = 0; i < bytes.length; i += size) inspector.partData(bytes.subarray(i, i + size))
    inspector.partEnd(true)
  }
  return inspector.finish()
}

test('each part is named by its type and by its bytes, whatever pieces they come in', () => {
  const parts: GivenPart[] = [
    ['application/smil', '<smil/>'],
    ['image/jpeg', '\x89PNG\r\n\x1a\n'],
    ['text/plain; charset=utf-8', 'gr\xc3\xbcn'],
  ]
  for (const size of [1, 2, 100]) {
    const { media, textReadable, text, digests } = inspect(parts, size)
    assert.deepEqual(media, [
      { type: 'application/smil' },
      { type: 'image/jpeg', sniffed: 'image/png' },
      { type: 'text/plain' },
    ])
    assert.equal(textReadable, true)
    assert.equal(text, 'grün', 'a presentation is no text to read')
    assert.equal(digests[0], createHash('sha256').update('<smil/>').digest('hex'))
  }
})

test('one text that does not decode is enough', () => {
  const good: GivenPart = ['text/plain; charset=utf-8', 'fine']
  const bad: GivenPart = ['text/plain; charset=utf-8', 'gr\xfcn']
  assert.equal(inspect([good, bad]).textReadable, false)
  assert.equal(inspect([['text/plain; charset=nobody-knows', '']]).textReadable, false)
  assert.equal(inspect([['image/png', 'gr\xfcn']]).textReadable, true)
})

test('what is kept of the texts is bounded over all of them', () => {
  const part: GivenPart = ['text/plain', 'x'.repeat(50)]
  const { text, digests } = inspect([part, part, part], 7, { textMax: 60, digestsMax: 1 })
  assert.equal(text.length, 60)
  assert.equal(digests.filter((each) => each !== undefined).length, 1)
})

test('any parts are looked at without an exception', () => {
  const types = fc.constantFrom('text/plain; charset=utf-8', 'image/png', 'text/x; charset=q', '')
  fc.assert(
    fc.property(fc.array(fc.tuple(types, fc.string()), { maxLength: 4 }), (parts) => {
      assert.equal(inspect(parts).media.length, parts.length)
    }),
  )
})

// biome-ignore format: a table
const subjects = [
  ['a plain subject', true],
  ['=?utf-8?q?gr=C3=BCn?=', true],
  ['=?utf-8?q?gr=C3?= =?utf-8?q?=BCn?=', true],
  ['=?utf-8?q?gr=FCn?=', false],
  ['=?klingon?q?Qapla?=', false],
  ['=?iso-8859-1?q?gr=FCn?=', true],
] as const

for (const [subject, readable] of subjects) {
  test(`the subject ${subject} is ${readable ? '' : 'not '}readable`, () => {
    assert.equal(areEncodedWordsReadable(subject), readable)
  })
}

/** What comes out of the intake for a whole mail. */
async function keywordOf(mail: string, subject?: string) {
  const intake = createContentIntake(await openMemoryMedia(), FOR_CONSENT)
  const reader = createMessageReader(defaultMimeLimits, intake, () => {})
  assert.equal(reader.push(Buffer.from(mail.replaceAll('\n', '\r\n'))), undefined)
  assert.equal(reader.end(), undefined)
  return keywordIn(intake.finish(), subject).consent?.consent
}

const part = (type: string, body: string) => `--b\nContent-Type: ${type}\n\n${body}\n`
const mixed = (...parts: readonly string[]) =>
  `Content-Type: multipart/mixed; boundary=b\n\n${parts.join('')}--b--\n`

// biome-ignore format: a table
const mails: readonly (readonly [string, string, string | undefined, string | undefined])[] = [
  ['a word alone', 'Content-Type: text/plain\n\nStop.\n', undefined, 'stop'],
  ['a word laid out by the handset', mixed(part('application/smil', '<smil/>'), part('text/plain', 'START')), undefined, 'start'],
  ['a word in base64', 'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSEVMUA==\n', undefined, 'help'],
  ['a word in UTF-16', 'Content-Type: text/plain; charset=utf-16be\nContent-Transfer-Encoding: base64\n\nAFMAVABPAFA=\n', undefined, 'stop'],
  ['a word in the subject of a mail without text', mixed(part('application/smil', '<smil/>')), 'stop', 'stop'],
  ['a subject beside a text', 'Content-Type: text/plain\n\nHello\n', 'stop', undefined],
  ['a sentence', 'Content-Type: text/plain\n\nPlease do not stop\n', undefined, undefined],
  ['a word with a picture', mixed(part('text/plain', 'stop'), part('image/png', 'x')), undefined, undefined],
  ['a long text that begins with a word', `Content-Type: text/plain\n\nstop${' '.repeat(80)}it\n`, undefined, undefined],
  ['two words in two parts', mixed(part('text/plain', 'stop'), part('text/plain', 'stop')), undefined, undefined],
]

for (const [what, mail, subject, consent] of mails) {
  test(`${what} means ${consent ?? 'nothing'}`, async () => {
    assert.equal(await keywordOf(mail, subject), consent)
  })
}
