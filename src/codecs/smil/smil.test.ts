import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseClock } from './clock-value.ts'
import { layOutSlides, resolveSlides } from './lay-out.ts'
import type { Presentation } from './presentation.ts'
import { readSmil } from './read.ts'
import { writeSmil } from './write.ts'

const read = (text: string) => readSmil(Buffer.from(text))

test('times are read in every form of SMIL, and a time without end is none', () => {
  // biome-ignore format: a table
  const cases: readonly (readonly [string | undefined, number | undefined])[] = [
    ['5s', 5_000], ['1.5s', 1_500], ['4000ms', 4_000], ['7', 7_000], [' 2 s ', 2_000],
    ['0.5min', 30_000], ['1h', 3_600_000], ['02:33', 153_000], ['1:00:01.5', 3_601_500],
    ['indefinite', undefined], ['-1s', undefined], ['', undefined], [undefined, undefined],
  ]
  for (const [written, ms] of cases) assert.equal(parseClock(written), ms, written)
})

test('items inside seq and switch are found, and items outside any slide make their own', () => {
  const document = `<smil xmlns="http://www.w3.org/2001/SMIL20/Language"><head/><body><seq>
    <par><switch><img src="a.jpg"/></switch><text src=""/></par></seq>
    <text src="b.txt"/></body></smil>`
  assert.deepEqual(read(document), {
    kind: 'ok',
    slides: [
      { items: [{ medium: 'img', src: 'a.jpg' }] },
      { items: [{ medium: 'text', src: 'b.txt' }] },
    ],
  })
})

test('layout, regions, times and params of a handset are kept as they were written', () => {
  const document = `<?xml version="1.0"?><smil><head><layout>
    <root-layout width="320px" height="480px" backgroundColor="#fff"/>
    <region id="Image" width="100%" height="67%" left="0%" top="0%" fit="meet"/>
    <region regionName="Text" top="67%"/><region left="1"/></layout></head>
    <body><par dur="8000ms"><img src="cid:1" region="Image" alt="a bell"/>
    <text src="t.txt" region="Text" begin="1s" end="6s">
    <param name="foreground-color" value="#000000"/><param name="textsize" value="large"/></text>
    </par></body></smil>`
  assert.deepEqual(read(document), {
    kind: 'ok',
    layout: {
      width: '320px',
      height: '480px',
      background: '#fff',
      regions: [
        { id: 'Image', left: '0%', top: '0%', width: '100%', height: '67%', fit: 'meet' },
        { id: 'Text', top: '67%' },
      ],
    },
    slides: [
      {
        durationMs: 8_000,
        items: [
          { medium: 'img', src: 'cid:1', region: 'Image', alt: 'a bell' },
          {
            medium: 'text',
            src: 't.txt',
            region: 'Text',
            beginMs: 1_000,
            endMs: 6_000,
            params: [
              { name: 'foreground-color', value: '#000000' },
              { name: 'textsize', value: 'large' },
            ],
          },
        ],
      },
    ],
  })
})

test('a document that is no SMIL is a fault, not an exception', () => {
  for (const text of ['', 'hello', '<html/>', '<smil>', '<!DOCTYPE smil><smil/>']) {
    assert.equal(read(text).kind, 'fault')
  }
})

test('whatever bytes come, the answer is a value', () => {
  const pieces = fc.constantFrom(
    '<smil>',
    '</smil>',
    '<body>',
    '</body>',
    '<par dur="',
    '">',
    '<img src="a"/>',
    '&lt;',
    '<',
    'x',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (list) => {
      assert.ok(['ok', 'fault'].includes(read(list.join('')).kind))
    }),
  )
})

/** What XML keeps of a text: no controls, no blanks at its ends. */
const word = fc.stringMatching(/^[ -~éß]{1,12}$/).map((text) => `w${text.trim()}w`)
const ms = fc.integer({ min: 0, max: 999_999_999 })
const optional = { requiredKeys: ['medium', 'src'] as ('medium' | 'src')[] }
const item = fc.record(
  {
    medium: fc.constantFrom('text', 'img', 'audio', 'video', 'ref'),
    src: word,
    region: word,
    alt: word,
    beginMs: ms,
    endMs: ms,
    durationMs: ms,
    params: fc.array(fc.record({ name: word, value: word }), { minLength: 1, maxLength: 3 }),
  },
  optional,
)
const region = fc.record(
  { id: word, left: word, top: word, width: word, height: word, fit: word },
  { requiredKeys: ['id'] },
)
const presentation = fc.record({
  slides: fc.array(fc.record({ items: fc.array(item, { maxLength: 4 }), durationMs: ms })),
  layout: fc.record(
    { regions: fc.array(region, { maxLength: 3 }), width: word, height: word, background: word },
    { requiredKeys: ['regions'] },
  ),
})

test('a presentation comes back as it was written', () => {
  fc.assert(
    fc.property(presentation, (written) => {
      const plain = JSON.parse(JSON.stringify(written)) as Presentation
      assert.deepEqual(read(writeSmil(plain)), { kind: 'ok', ...plain })
    }),
  )
})

test('without a layout the picture stands above the text, or has the screen to itself', () => {
  const both = read(
    writeSmil({
      slides: layOutSlides([
        { mediaType: 'image/png', src: 'p' },
        { mediaType: 'text/plain', src: 't' },
      ]),
    }),
  )
  const one = read(writeSmil({ slides: layOutSlides([{ mediaType: 'image/png', src: 'p' }]) }))
  const places = (smil: typeof both) =>
    smil.kind === 'ok' &&
    smil.layout?.regions.map(({ id, top, height }) => `${id} ${top} ${height}`)
  assert.deepEqual(places(both), ['Image 0 50%', 'Text 50% 50%'])
  assert.deepEqual(places(one), ['Image 0 100%'])
  assert.deepEqual(both.kind === 'ok' && both.slides, [
    {
      durationMs: 5_000,
      items: [
        { medium: 'img', src: 'p', region: 'Image' },
        { medium: 'text', src: 't', region: 'Text' },
      ],
    },
  ])
})

test('parts are laid out in order, one of each kind to a slide', () => {
  const part = (mediaType: string, src: string) => ({ mediaType, src })
  const slides = layOutSlides([
    part('image/jpeg', '1'),
    part('text/plain', '2'),
    part('audio/amr', '3'),
    part('video/3gpp', '4'),
    part('image/gif', '5'),
    part('application/pdf', '6'),
  ])
  assert.deepEqual(
    slides.map((slide) => slide.items.map((item) => item.medium + item.src)),
    [['img1', 'text2', 'audio3'], ['video4'], ['img5'], ['ref6']],
  )
})

const named = (
  mediaType: string,
  contentId?: string,
  contentLocation?: string,
  name?: string,
  filename?: string,
) => ({ mediaType, contentId, contentLocation, name, filename })

test('a src means the first part by id, location, name and file name, in this order', () => {
  const byId = named('image/gif', '<<a.gif>>')
  const byLocation = named('image/gif', 'x', 'a.gif')
  const byName = named('image/gif', 'y', 'z', 'a.gif')
  const byFile = named('image/gif', undefined, undefined, undefined, 'a.gif')
  for (const src of ['a.gif', 'cid:a.gif', 'cid: <a.gif>']) {
    const parts = [byFile, byName, byLocation, byId]
    for (const meant of [byId, byLocation, byName, byFile]) {
      if (src.startsWith('cid') && meant !== byId) continue
      const [first] = resolveSlides([{ items: [{ medium: 'img', src }] }], parts)
      assert.deepEqual(first?.parts, [meant], src)
      parts.splice(parts.indexOf(meant), 1)
    }
  }
})

test('no part is lost: what no slide means comes after, and all come in order where none is', () => {
  const smil = named('application/smil', 'smil')
  const text = named('text/plain', '1')
  const bell = named('image/png', '2')
  const cat = named('image/png', '3')
  const parts = [smil, bell, text, cat]
  const slides = [{ items: [{ medium: 'text', src: 'cid:1' } as const], durationMs: 9 }]
  assert.deepEqual(resolveSlides(slides, parts), [
    { parts: [text], durationMs: 9 },
    { parts: [bell] },
    { parts: [cat] },
  ])
  const lost = [{ items: [{ medium: 'img', src: 'cid:nobody' } as const] }]
  assert.deepEqual(resolveSlides(lost, parts), [{ parts: [bell, text] }, { parts: [cat] }])
})
