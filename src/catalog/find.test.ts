import assert from 'node:assert/strict'
import { test } from 'node:test'
import { find, lookup, lookupTarget } from './find.ts'

// biome-ignore format: a table
const asked = [
  ['sinch 3001',                         'one',     'sinch/mm7/3001'],
  ['Sinch mm7 3001',                     'one',     'sinch/mm7/3001'],
  ['bandwidth/mm4/470',                  'one',     'bandwidth/mm4/470'],
  ['skycore retrieved',                  'one',     'skycore/report/Retrieved'],
  ['webex whatsapp 7704',                'one',     'webex/whatsapp/7704'],
  ['webex in-app 7704 quick-replies',    'one',     'webex/in-app/7704/quick-replies'],
  ['webex in-app 7704',                  'several', 'webex/in-app/7704/generic-template webex/in-app/7704/quick-replies'],
  ['webex in-app 7704 nonsense',         'several', 'webex/in-app/7704/generic-template webex/in-app/7704/quick-replies'],
  ['webex 7303',                         'several', 'webex/messenger/7303 webex/instagram/7303'],
  ['whatsapp 7704',                      'several', 'webex/whatsapp/7704'],
  ['470',                                'several', 'bandwidth/mm4/470'],
  ['3001',                               'several', 'sinch/mm7/3001 skycore/mm7/3001 smsglobal/mm7/3001'],
  ['3gpp 2008',                          'one',     '3gpp/mm7/2008'],
  ['2008',                               'several', 'smsglobal/mm7/2008'],
  ['snch 3001',                          'none',    'sinch'],
  ['sinch 30011',                        'none',    'sinch/mm7/3001 sinch/mm7/3000 sinch/mm7/3002 sinch/mm7/3003'],
  ['sinch mm4 2000',                     'none',    'mm7'],
  ['webex whatsap 7704',                 'none',    'whatsapp'],
  ['retreived',                          'none',    'Retrieved'],
  ['99999999',                           'none',    ''],
] as const

for (const [words, kind, ids] of asked) {
  test(`"${words}" finds ${kind}: ${ids}`, () => {
    const found = lookup([words])
    assert.equal(found.kind, kind)
    const names =
      found.kind === 'one'
        ? [found.entry.id]
        : found.kind === 'several'
          ? found.entries.map((entry) => entry.id)
          : found.nearest
    const wanted = ids.split(' ').filter((id) => id !== '')
    assert.deepEqual(kind === 'none' ? names.slice(0, wanted.length) : names, wanted)
  })
}

test('a bare number gets the list of what it can be, even when there is one', () => {
  const found = lookup(['7704'])
  assert.equal(found.kind, 'several')
})

test('a dialect or a surface alone lists its rows', () => {
  const found = lookup(['skycore', 'report'])
  assert.equal(found.kind === 'several' && found.entries.length, 9)
})

test('nothing typed finds nothing and says which dialects there are', () => {
  const found = lookup([])
  assert.equal(found.kind, 'none')
})

test('find wants the whole identity', () => {
  assert.equal(find({ dialect: 'sinch', surface: 'mm7', code: '3001' })?.text, 'Number blacklisted')
  assert.equal(find({ dialect: 'webex', surface: 'in-app', code: '7704' }), undefined)
  const variant = 'quick-replies'
  const row = find({ dialect: 'webex', surface: 'in-app', code: '7704', variant })
  assert.equal(row?.variant, variant)
})

test('a target is a dialect, or one of its surfaces', () => {
  const whole = lookupTarget('skycore')
  assert.equal(whole.kind === 'one' && whole.surface, undefined)
  const part = lookupTarget('skycore/report')
  assert.equal(part.kind === 'one' && part.surface?.name, 'report')
  assert.equal(lookupTarget('skycor').kind, 'none')
  assert.equal(lookupTarget('skycore/mm4').kind, 'none')
})
