import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type CarrierTable, openCarrierTable } from './table.ts'

async function fileWith(t: TestContext, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-table-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'carriers.txt')
  await writeFile(file, content)
  return file
}

const TABLE = `# a small country
*             others
1             any
1555          31002
1555017       31004
=15550100123  31003
=15550170001  -
1900          -
1900555       premium
`

// biome-ignore format: a table
const numbers: readonly (readonly [string, string])[] = [
  ['15551234567',  '31002'],
  ['15550179999',  '31004'],
  ['15550100123',  '31003'],
  ['155501001234', '31002'],
  ['1555010012',   '31002'],
  ['15550170001',  'unknown'],
  ['14155550100',  'any'],
  ['19001234567',  'unknown'],
  ['19005551234',  'premium'],
  ['447700900123', 'others'],
  ['+15551234567', 'unknown'],
  ['12345',        'unknown'],
  ['',             'unknown'],
  ['1555123456x',  'unknown'],
]

async function carrierOf(table: CarrierTable, number: string): Promise<string> {
  const found = await table.find(number)
  return found.kind === 'carrier' ? found.carrier : found.kind
}

test('the longest prefix wins, and a ported number wins over every prefix', async (t) => {
  const table = await openCarrierTable({ file: await fileWith(t, TABLE) })
  assert.deepEqual(table.loaded, { kind: 'ok', entries: 8, carriers: 6 })
  for (const [number, carrier] of numbers) {
    assert.equal(await carrierOf(table, number), carrier, number)
  }
})

test('without a line for everybody a strange number is unknown', async (t) => {
  const table = await openCarrierTable({ file: await fileWith(t, '1555 att\n') })
  assert.equal(await carrierOf(table, '447700900123'), 'unknown')
})

test('of two lines for the same digits the later one counts', async (t) => {
  const table = await openCarrierTable({ file: await fileWith(t, '1555 att\n1555 verizon') })
  assert.equal(await carrierOf(table, '15551234567'), 'verizon')
  assert.equal(table.loaded.kind === 'ok' && table.loaded.entries, 1)
})

test('an empty file is a table that knows nobody', async (t) => {
  const table = await openCarrierTable({ file: await fileWith(t, '') })
  assert.equal(table.loaded.kind, 'ok')
  assert.equal(await carrierOf(table, '15551234567'), 'unknown')
})

test('a reload changes the table at once, and a wrong file changes nothing', async (t) => {
  const file = await fileWith(t, '1 old\n')
  const table = await openCarrierTable({ file })
  await writeFile(file, '1 new\n')
  assert.equal(await carrierOf(table, '15551234567'), 'old')
  assert.equal((await table.reload()).kind, 'ok')
  assert.equal(await carrierOf(table, '15551234567'), 'new')
  await writeFile(file, '1 newer\n\nnonsense\n')
  const failed = await table.reload()
  assert.deepEqual([failed.kind, failed.kind === 'wrong' && failed.line], ['wrong', 3])
  assert.equal(await carrierOf(table, '15551234567'), 'new')
  await rm(file)
  assert.equal((await table.reload()).kind, 'unreadable')
  assert.equal(await carrierOf(table, '15551234567'), 'new')
})

test('while no file could be read, nobody can say', async (t) => {
  const file = await fileWith(t, 'nonsense\n')
  const table = await openCarrierTable({ file })
  const found = await table.find('15551234567')
  assert.equal(found.kind, 'unavailable')
  assert.match(found.kind === 'unavailable' ? found.because : '', /line 1/)
  const nowhere = await openCarrierTable({ file: `${file}.none` })
  assert.equal((await nowhere.find('15551234567')).kind, 'unavailable')
  await writeFile(file, '1 att')
  await table.reload()
  assert.equal(await carrierOf(table, '15551234567'), 'att')
})

test('a file over the limit, an endless line, and bytes that are no text are refused', async (t) => {
  const many = Array.from({ length: 100 }, (_, index) => `${1000 + index} a`).join('\n')
  const table = await openCarrierTable({ file: await fileWith(t, many), entriesMax: 99 })
  assert.match(table.loaded.kind === 'wrong' ? table.loaded.because : '', /more than 99/)
  const endless = await openCarrierTable({ file: await fileWith(t, '1'.repeat(3_000_000)) })
  assert.equal(endless.loaded.kind, 'wrong')
  const bytes = await openCarrierTable({ file: await fileWith(t, Buffer.alloc(5000, 0xff)) })
  assert.equal(bytes.loaded.kind, 'wrong')
})

test('lines are read whole wherever the pieces of the file end', async (t) => {
  const lines = Array.from(
    { length: 60_000 },
    (_, index) => `=${15_550_000_000 + index} c${index % 90}`,
  )
  const table = await openCarrierTable({ file: await fileWith(t, lines.join('\r\n')) })
  assert.deepEqual(table.loaded, { kind: 'ok', entries: 60_000, carriers: 90 })
  for (const index of [0, 12_345, 59_999]) {
    assert.equal(await carrierOf(table, String(15_550_000_000 + index)), `c${index % 90}`)
  }
  assert.ok(table.bytes / 60_000 < 60, `${table.bytes / 60_000} bytes an entry`)
})

test('an aborted question and a closed table are no answers', async (t) => {
  const table = await openCarrierTable({ file: await fileWith(t, '1 att') })
  assert.equal((await table.find('15551234567', AbortSignal.abort())).kind, 'unavailable')
  await table.close()
  assert.equal((await table.find('15551234567')).kind, 'unavailable')
  assert.equal(table.bytes, 0)
})
