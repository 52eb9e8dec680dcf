import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { planForwardBody } from '../codecs/mm4/forward-body.ts'
import { type ContentBudget, MESSAGE_HEAD_BYTES, messageBytesOf } from '../core/content-budget.ts'
import type { Fit } from '../engine/ports/adapter.ts'
import { type AdapterOptions, openAdapter } from './adapter.ts'
import { collect, contentOf, type Leaf, opening } from './testing/contents.ts'
import { chance, film, look, photograph, pngClaiming, skip } from './testing/pictures.ts'

const KIB = 1024
const OPTIONS: AdapterOptions = {
  workers: 1,
  memoryBytesMax: 64 * KIB * KIB,
  pixelsMax: 40_000_000,
  timeoutMs: 20_000,
}
const NEVER = new AbortController().signal

interface Given {
  readonly options?: Partial<AdapterOptions>
  readonly allowed?: boolean
  readonly signal?: AbortSignal
}

async function fit(
  t: TestContext,
  leaves: readonly Leaf[],
  budget: ContentBudget,
  { options, allowed = true, signal = NEVER }: Given = {},
) {
  const adapter = openAdapter({ ...OPTIONS, ...options })
  t.after(() => adapter.close())
  const content = contentOf(leaves)
  const result = await adapter.fit({ content, budget, allowed, open: opening(content) }, signal)
  return { content, result, adapter }
}

type Adapted = Extract<Fit, { readonly kind: 'adapted' }>

function adaptedOf(result: Fit): Adapted {
  assert.equal(result.kind, 'adapted', JSON.stringify(result))
  return result as Adapted
}

async function bytesOf(result: Adapted, index: number): Promise<Buffer> {
  const part = result.content.parts[index]
  assert.ok(part)
  return collect(result.open(part))
}

/** Of an adapter that could do nothing if it were asked. */
const HELPLESS = { options: { library: 'no-such-picture-library' } }

async function jpegOf(width: number, height: number, seed: number, quality = 92): Promise<Buffer> {
  return (await photograph(width, height, seed)).toFormat('jpeg', { quality }).toBuffer()
}

test('what fits is not looked into any further', async (t) => {
  const leaves = [{ type: 'image/jpeg', bytes: Buffer.alloc(5000) }]
  const budget = { messageBytesMax: 20_000, mediaTypes: ['image/*'] }
  assert.deepEqual((await fit(t, leaves, budget, HELPLESS)).result, { kind: 'fits' })
})

test('twenty random messages keep to their budgets as sent, and are still pictures', {
  skip,
}, async (t) => {
  const random = chance(2026)
  const between = (least: number, most: number) => Math.round(least + random() * (most - least))
  const adapter = openAdapter(OPTIONS)
  t.after(() => adapter.close())
  const formats = ['jpeg', 'png', 'webp'] as const
  for (let round = 0; round < 20; round += 1) {
    const leaves: Leaf[] = [{ type: 'text/plain', bytes: Buffer.from('Ding, dong.\r\n') }]
    for (let count = between(1, 3); count > 0; count -= 1) {
      const picture = await photograph(between(60, 360), between(60, 360), round * 7 + count)
      const format = formats[between(0, 2)] ?? 'jpeg'
      const bytes = await picture.toFormat(format, { quality: between(60, 95) }).toBuffer()
      const encoding = random() < 0.5 ? 'base64' : 'binary'
      leaves.push({ type: `image/${format}`, bytes, encoding, location: `${count}.${format}` })
    }
    const content = contentOf(leaves)
    const frame = random() < 0.3 ? { imageWidthMax: between(48, 200), imageHeightMax: 150 } : {}
    const messageBytesMax = between(6 * KIB, messageBytesOf(content.parts) - 1)
    const budget = { messageBytesMax, ...frame }
    const request = { content, budget, allowed: true, open: opening(content) }
    const result = adaptedOf(await adapter.fit(request, NEVER))
    assert.ok(messageBytesOf(result.content.parts) <= messageBytesMax, `round ${round}`)
    const media = result.content.parts.map((part) => ({ ...part, open: () => result.open(part) }))
    const body = await collect(planForwardBody(media, 'token').chunks())
    assert.ok(body.length + MESSAGE_HEAD_BYTES <= messageBytesMax, `round ${round}: as sent`)
    for (const part of result.content.parts.slice(1)) {
      const bytes = await collect(result.open(part))
      const stored = part.encoding === 'base64' ? Buffer.from(String(bytes), 'base64') : bytes
      assert.equal(stored.length, part.decodedLength)
      const { width, height, format } = await look(stored).metadata()
      assert.equal(`image/${format}`, part.mediaType)
      assert.ok(width <= (budget.imageWidthMax ?? 700) && height <= (budget.imageHeightMax ?? 700))
    }
    result.release()
  }
})

test('words, sound and presentation stay byte for byte, and only the large picture changes', {
  skip,
}, async (t) => {
  const small = await jpegOf(60, 60, 1, 70)
  const leaves: Leaf[] = [
    { type: 'application/smil', bytes: Buffer.from('<smil/>'), encoding: 'binary' },
    { type: 'text/plain', bytes: Buffer.from('Grüße'), encoding: 'binary' },
    { type: 'audio/amr', bytes: Buffer.alloc(4000, 7) },
    { type: 'image/jpeg; name="s.jpg"', bytes: small },
    { type: 'image/jpeg; name="l.jpg"', bytes: await jpegOf(800, 600, 2), location: 'l.jpg' },
  ]
  const { content, result } = await fit(t, leaves, { messageBytesMax: 40 * KIB })
  const made = adaptedOf(result)
  assert.deepEqual(made.content.parts.slice(0, 4), content.parts.slice(0, 4))
  for (const [index, part] of content.parts.slice(0, 4).entries()) {
    const was = content.inline.subarray(part.offset, part.offset + part.length)
    assert.deepEqual(await bytesOf(made, index), Buffer.from(was))
  }
  const large = made.content.parts[4]
  assert.deepEqual(
    [large?.contentType, large?.contentLocation, large?.encoding],
    ['image/jpeg; name=l.jpg', 'l.jpg', 'binary'],
  )
  assert.match(made.notes.join(), /^l\.jpg: image\/jpeg \d+ bytes 800×600 → image\/jpeg \d+ bytes/)
})

test('a film in frames stays one, and a still of it is never sent instead', { skip }, async (t) => {
  const leaves = [{ type: 'image/gif', bytes: await film(160, 120, 5, 'gif') }]
  const made = adaptedOf((await fit(t, leaves, { messageBytesMax: 20 * KIB })).result)
  const { format, pages, loop, delay } = await look(await bytesOf(made, 0)).metadata()
  assert.deepEqual([format, pages, loop, delay], ['gif', 5, 0, [120, 120, 120, 120, 120]])
  const { result } = await fit(t, leaves, { mediaTypes: ['image/jpeg'] })
  assert.equal(result.kind === 'cannot' && result.because, 'type-not-taken')
})

test('a picture lying on its side is turned upright, and tells nothing of its owner', {
  skip,
}, async (t) => {
  const lying = (await photograph(400, 200, 3)).withMetadata({
    orientation: 6,
    exif: { IFD0: { Copyright: 'the owner' } },
  })
  const leaves = [{ type: 'image/jpeg', bytes: await lying.toFormat('jpeg').toBuffer() }]
  const made = adaptedOf((await fit(t, leaves, { imageWidthMax: 100 })).result)
  const { width, height, orientation, exif, isProgressive } = await look(
    await bytesOf(made, 0),
  ).metadata()
  assert.deepEqual([width, height, orientation, exif], [100, 200, undefined, undefined])
  assert.equal(isProgressive, false)
})

test('a type that is not taken becomes one that is', { skip }, async (t) => {
  const bytes = await (await photograph(120, 90, 4)).toFormat('webp').toBuffer()
  const budget = { mediaTypes: ['image/jpeg', 'image/gif'] }
  const made = adaptedOf((await fit(t, [{ type: 'image/webp', bytes }], budget)).result)
  assert.equal((await look(await bytesOf(made, 0)).metadata()).format, 'jpeg')
})

test('what cannot be done is said, with the limit in the way', { skip }, async (t) => {
  const jpeg = await jpegOf(640, 480, 5)
  const picture = { type: 'image/jpeg', bytes: jpeg }
  const cut = { type: 'image/jpeg', bytes: jpeg.subarray(0, jpeg.length / 2) }
  const sound = { type: 'audio/amr', bytes: Buffer.alloc(50_000) }
  const small = { messageBytesMax: 20 * KIB }
  const spin =
    'data:text/javascript,export { f as default }; function f() { for (;;); }; ' +
    ['cache', 'concurrency', 'block', 'unblock'].map((name) => `f.${name} = () => 0;`).join(' ')
  const slow = { options: { library: spin, timeoutMs: 300 } }
  // biome-ignore format: a table
  const cases: readonly (readonly [Leaf[], ContentBudget, Given, string, string])[] = [
    [[picture], small,                              { allowed: false }, 'adaptation-forbidden', 'bytes'],
    [[sound],   small,                              {},                 'too-large',            'bytes'],
    [[picture], { messageBytesMax: 2700 },          {},                 'too-large',            'bytes'],
    [[picture], { messageBytesMax: 2000 },          {},                 'too-large',            'bytes'],
    [[sound],   { mediaTypes: ['image/*'] },        {},                 'type-not-taken',       'type'],
    [[picture], small,                              HELPLESS,           'adapter-unavailable',  'bytes'],
    [[picture], { imageWidthMax: 100 },             HELPLESS,           'adapter-unavailable',  'pixels'],
    [[cut],     small,                              {},                 'unreadable',           'bytes'],
    [[picture], small,                              slow,               'not-in-time',          'bytes'],
    [[picture], small,     { options: { memoryBytesMax: 500_000 } },       'too-large',            'bytes'],
  ]
  for (const [leaves, budget, given, because, excess] of cases) {
    const { result } = await fit(t, leaves, budget, given)
    assert.deepEqual(
      result.kind === 'cannot' && [result.because, result.excess],
      [because, excess],
      JSON.stringify(result),
    )
  }
})

test('a small file with a vast picture in it is refused by its header, before any thread', async (t) => {
  const bytes = Buffer.concat([pngClaiming(60_000, 60_000), Buffer.alloc(30_000)])
  const leaves = [{ type: 'image/png', bytes }]
  const { result } = await fit(t, leaves, { messageBytesMax: 20 * KIB }, HELPLESS)
  assert.equal(result.kind === 'cannot' && result.because, 'unreadable')
  assert.match(JSON.stringify(result), /60000×60000/)
})

test('many small frames that are a vast picture together are not decoded', { skip }, async (t) => {
  const leaves = [{ type: 'image/gif', bytes: await film(100, 100, 12, 'gif') }]
  const given = { options: { pixelsMax: 110_000 } }
  const { result } = await fit(t, leaves, { messageBytesMax: 10 * KIB }, given)
  assert.match(JSON.stringify(result), /unreadable.*exceeds pixel limit/)
})

test('an attempt that is over gets its answer at once, and the adapter goes on', {
  skip,
}, async (t) => {
  const content = contentOf([{ type: 'image/jpeg', bytes: await jpegOf(900, 700, 6) }])
  const adapter = openAdapter(OPTIONS)
  t.after(() => adapter.close())
  const abort = new AbortController()
  const request = {
    content,
    budget: { messageBytesMax: 20 * KIB },
    allowed: true,
    open: opening(content),
  }
  const first = adapter.fit(request, abort.signal)
  const second = adapter.fit(request, NEVER)
  setImmediate(() => abort.abort())
  const stopped = await first
  assert.equal(stopped.kind === 'cannot' && stopped.because, 'not-in-time')
  adaptedOf(await second).release()
  adaptedOf(await adapter.fit(request, NEVER)).release()
})
