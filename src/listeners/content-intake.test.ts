import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createMessageReader } from '../codecs/mime/entity-reader.ts'
import { defaultMimeLimits } from '../codecs/mime/limits.ts'
import { openMemoryMedia } from '../media/memory/media.ts'
import { FOR_CONSENT, FOR_POLICIES, type Inspection } from './content-inspection.ts'
import { createContentIntake } from './content-intake.ts'

type GivenPart = readonly [type: string, body: string, encoding?: 'base64']

async function digestOf(
  parts: readonly GivenPart[],
  inspection: Inspection | undefined,
  pieceBytes = 1000,
): Promise<string> {
  const intake = createContentIntake(await openMemoryMedia(), inspection)
  const reader = createMessageReader(defaultMimeLimits, intake, () => {})
  const written = parts.map(([type, body, encoding = '7bit']) => {
    const bytes = Buffer.from(body, 'latin1').toString(encoding === 'base64' ? 'base64' : 'latin1')
    return `--b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${bytes}\r\n`
  })
  const mail = Buffer.from(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${written.join('')}--b--\r\n`,
    'latin1',
  )
  for (let at = 0; at < mail.length; at += pieceBytes) {
    assert.equal(reader.push(mail.subarray(at, at + pieceBytes)), undefined)
  }
  assert.equal(reader.end(), undefined)
  return intake.finish().digest
}

const PICTURE: GivenPart = ['image/png', '\x89PNG\r\n\x1a\n of a bell']
const TEXT: GivenPart = ['text/plain', 'ding']

const INSPECTIONS: readonly (readonly [string, Inspection | undefined])[] = [
  ['nobody looks closer', undefined],
  ['a keyword is looked for', FOR_CONSENT],
  ['policies judge', FOR_POLICIES],
  ['only the first part is taken by itself', { textMax: 10, digestsMax: 1 }],
]

// biome-ignore format: a table
const OTHERS: readonly (readonly [string, readonly GivenPart[]])[] = [
  ['another order', [PICTURE, TEXT]],
  ['another type', [['text/html', 'ding'], PICTURE]],
  ['another last byte of the first', [['text/plain', 'dinG'], PICTURE]],
  ['another last byte of the last', [TEXT, ['image/png', `${PICTURE[1].slice(0, -1)}L`]]],
  ['a part less', [TEXT]],
  ['a part more', [TEXT, PICTURE, ['text/plain', '']]],
  ['the parts run together', [['text/plain', `ding${PICTURE[1]}`]]],
]

for (const [when, inspection] of INSPECTIONS) {
  test(`the digest is that of what was meant, however it came, where ${when}`, async () => {
    const digest = await digestOf([TEXT, PICTURE], inspection)
    assert.equal(await digestOf([TEXT, PICTURE], inspection, 7), digest)
    const encoded: readonly GivenPart[] = [TEXT, [PICTURE[0], PICTURE[1], 'base64']]
    assert.equal(await digestOf(encoded, inspection, 5), digest)
  })

  for (const [what, parts] of OTHERS) {
    test(`${what} gives another digest where ${when}`, async () => {
      assert.notEqual(
        await digestOf(parts, inspection),
        await digestOf([TEXT, PICTURE], inspection),
      )
    })
  }
}

test('what is kept with requests stays the same from release to release', async () => {
  const written = [TEXT, PICTURE].map(([type, body]) => `\0${type}\0${body}\0${body.length}`)
  const kept = createHash('sha256').update(written.join(''), 'latin1').digest('hex')
  assert.equal(await digestOf([TEXT, PICTURE], undefined), kept)
  assert.equal(await digestOf([TEXT, PICTURE], FOR_CONSENT), kept)
})

test('a part knows whether its base64 can go over SMTP as it is', async () => {
  const intake = createContentIntake(await openMemoryMedia())
  const reader = createMessageReader(defaultMimeLimits, intake, () => {})
  const bodies = ['QUJD\r\nQUJD', 'QUJD\nQUJD', 'A'.repeat(1000)]
  const written = bodies.map(
    (body) => `--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`,
  )
  const text = '--b\r\nContent-Type: text/plain\r\n\r\nding\r\n'
  const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'
  const mail = Buffer.from(`${head}${written.join('')}${text}--b--\r\n`)
  assert.equal(reader.push(mail), undefined)
  assert.equal(reader.end(), undefined)
  const { parts } = intake.finish().content
  assert.deepEqual(
    parts.map(({ soundLines }) => soundLines),
    [true, undefined, undefined, undefined],
  )
})
