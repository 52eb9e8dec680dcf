import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Entry, explain, lookup } from '../catalog/index.ts'
import { card, entryLines, table } from './codes-text.ts'
import { colour, plain } from './terminal.ts'

function row(words: string): Entry {
  const found = lookup([words])
  assert.equal(found.kind, 'one')
  return (found as Extract<typeof found, { kind: 'one' }>).entry
}

test('columns stay aligned whatever the colour', () => {
  const rows = [
    [{ text: 'a', style: 'red' }, { text: 'one' }],
    [{ text: 'bbb', style: 'green' }, { text: 'two' }],
  ] as const
  assert.deepEqual(table(rows, plain), ['a    one', 'bbb  two'])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is what is taken out
  const bare = table(rows, colour).map((line) => line.replace(/\u001b\[\d+m/g, ''))
  assert.deepEqual(bare, table(rows, plain))
})

test('the colour of a row is its permanence', () => {
  const [blocked = '', busy = ''] = entryLines([row('sinch 3001'), row('sinch 3510')], colour)
  assert.ok(blocked.startsWith('\u001b[31m'))
  assert.ok(busy.startsWith('\u001b[33m'))
})

test('a card is no wider than the terminal, but for the lines of other dialects', () => {
  const lines = card(explain(row('webex email 7520')), plain, 80)
  const own = lines.slice(
    0,
    lines.findIndex((line) => line.includes('elsewhere')),
  )
  for (const line of own) assert.ok(line.length <= 80, line)
})
