import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineOf, tomlLines } from './toml-lines.ts'

const TOML = `# a comment = not a key
data = "x" # [not.a.table]
http.port = 1

[ http . tls ] # spaces are allowed
key = "k"
"quoted name" = 1

[[accounts]]
id = "a"
  [accounts.mm7]
  basic = { user = "u", password = "p" }
[[accounts]]
id = "b"
text = """
id = "inside a text"
"""
oneLine = """x"""
last = 1
[[accounts.services]]
senders = [
  "1",
]
[[accounts.services]]
id = "s2"
`

// biome-ignore format: a table
for (const [path, line] of [
  ['data',                           2],
  ['http.port',                      3],
  ['http.tls',                       5],
  ['http.tls.key',                   6],
  ['http.tls.quoted name',           7],
  ['http.tls.cert',                  5],
  ['accounts[0]',                    9],
  ['accounts[0].id',                10],
  ['accounts[0].mm7',               11],
  ['accounts[0].mm7.basic.password', 12],
  ['accounts[1].id',                14],
  ['accounts[1].last',              19],
  ['accounts[1].services[0].senders[0]', 21],
  ['accounts[1].services[1].id',    25],
  ['accounts[1].services[1].live',  24],
  ['routes[0].carrier',             undefined],
  ['',                              undefined],
] as const) {
  test(`${path || 'nothing'} stands on ${line === undefined ? 'no line' : `line ${line}`}`, () => {
    assert.equal(lineOf(tomlLines(TOML), path), line)
  })
}

test('any text has lines and any path an answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (toml, path) => {
      const line = lineOf(tomlLines(toml), path)
      return line === undefined || line >= 1
    }),
  )
})
