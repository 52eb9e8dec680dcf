/** `carillon codes` as a person and as a program meet it: a real process, its streams, its end. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = resolve(dirname(fileURLToPath(import.meta.url)), '../../src/cli/main.js')

function carillon(line: string) {
  const run = spawnSync(process.execPath, [main, ...line.split(' ')], { encoding: 'utf8' })
  return { status: run.status, out: run.stdout, talk: run.stderr }
}

test('a whole identity is explained, plain when piped', () => {
  const { status, out, talk } = carillon('codes explain sinch 3001')
  assert.equal(status, 0)
  assert.match(out, /^sinch mm7 3001 {2}Number blacklisted\n/)
  assert.match(out, /bandwidth mm4 475/)
  assert.ok(!out.includes('\u001b'))
  assert.equal(talk, '')
})

test('a code that a list prints twice is explained twice', () => {
  const { status, out } = carillon('codes explain webex in-app 7704')
  assert.equal(status, 0)
  assert.match(out, /7704 generic-template/)
  assert.match(out, /7704 quick-replies/)
})

test('a bare number lists what it can be, and is no failure', () => {
  const { status, out } = carillon('codes explain 3001')
  assert.equal(status, 0)
  assert.deepEqual(
    out.split('\n').map((line) => line.split(' ')[0]),
    ['sinch', 'skycore', 'smsglobal', ''],
  )
  assert.equal(carillon('codes explain 470').status, 0)
})

// biome-ignore format: a table
const mistyped = [
  ['codes explain snch 3001',               /no dialect snch[\s\S]*sinch/],
  ['codes explain sinch 30011',             /no code 30011[\s\S]*sinch mm7 3001/],
  ['codes explain webex whatsap 7704',      /no surface whatsap[\s\S]*whatsapp/],
  ['codes explain 99999999',                /no code 99999999[\s\S]*codes search/],
  ['codes explain retreived',               /nothing is called retreived[\s\S]*Retrieved/],
  ['codes translate sinch 3001 --to webx',  /no dialect webx[\s\S]*webex/],
  ['codes list bandwith',                   /no dialect bandwith[\s\S]*bandwidth/],
] as const

for (const [line, said] of mistyped) {
  test(`${line}: exit 65, the nearest on stderr, nothing on stdout`, () => {
    const { status, out, talk } = carillon(line)
    assert.equal(status, 65)
    assert.equal(out, '')
    assert.match(talk, said)
    assert.ok(!/\n\s+at /.test(talk), 'a stack trace')
  })
}

test('codes list --json prints an array with every field documented', () => {
  const { status, out } = carillon('codes list --json')
  assert.equal(status, 0)
  const rows = JSON.parse(out) as readonly Record<string, unknown>[]
  assert.equal(rows.length, 553)
  const fields =
    'dialect surface code variant text class stage party finality permanence retry billing meaning action provoke'
  for (const row of rows) for (const field of fields.split(' ')) assert.ok(field in row, field)
})

test('codes search and codes translate answer in one line each', () => {
  const found = carillon('codes search opted out')
  assert.match(found.out, /bandwidth mm4 475/)
  const translated = carillon('codes translate bandwidth 475 --to skycore')
  assert.match(translated.out, /→ skycore mm7 3001 {2}Number blacklisted {2}exact/)
  const json = JSON.parse(carillon('codes translate bandwidth 475 --to skycore --json').out)
  assert.equal(json[0].quality, 'exact')
  assert.equal(json[0].from.id, 'bandwidth/mm4/475')
})

test('success in a dialect without a code for it is said to have none', () => {
  const { status, out } = carillon('codes translate sinch 1000 --to bandwidth')
  assert.equal(status, 0)
  assert.match(out, /no code/)
})

test('codes matrix counts the rows that cannot be provoked yet', () => {
  const { status, out } = carillon('codes matrix')
  assert.equal(status, 0)
  assert.match(out, /^pending/m)
  assert.match(out, /\d+ of 553 rows cannot be provoked yet\./)
})

test('help shows examples first and documents the exit codes', () => {
  const { status, out } = carillon('codes explain --help')
  assert.equal(status, 0)
  assert.ok(out.indexOf('carillon codes explain sinch 3001') < out.indexOf('Usage'))
  assert.match(out, /65/)
})
