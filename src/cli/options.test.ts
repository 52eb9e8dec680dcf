import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseArguments } from './options.ts'

const table = {
  'http-port': { type: 'integer', value: 'PORT', min: 0, max: 65_535, help: '' },
  to: { type: 'list', value: 'NUMBER', help: '' },
  wait: { type: 'switch', short: 'w', help: '' },
  level: { type: 'text', value: 'LEVEL', choices: ['info', 'debug'], help: '' },
  text: { type: 'text', value: 'TEXT', help: '' },
} as const

// biome-ignore format: a table
const RIGHT: readonly (readonly [string, readonly string[], object, readonly string[]])[] = [
  ['nothing',                      [],                                {},                        []],
  ['a value after a space',        ['--http-port', '80'],             { 'http-port': 80 },       []],
  ['a value after an equals sign', ['--text=a=b'],                    { text: 'a=b' },           []],
  ['an empty value',               ['--text='],                       { text: '' },              []],
  ['a value that begins with a dash', ['--text', '-x'],               { text: '-x' },            []],
  ['a switch by its letter',       ['-w'],                            { wait: true },            []],
  ['a list in order',              ['--to', '1', 'x', '--to=2'],      { to: ['1', '2'] },        ['x']],
  ['the last of two',              ['--text', 'a', '--text', 'b'],    { text: 'b' },             []],
  ['words after two dashes',       ['--', '--wait', '-'],             {},                        ['--wait', '-']],
  ['a lone dash as a word',        ['-'],                             {},                        ['-']],
]

for (const [name, args, values, positionals] of RIGHT) {
  test(`the parser takes ${name}`, () => {
    const parsed = parseArguments(table, args)
    assert.deepEqual(parsed, {
      kind: 'ok',
      values: { to: [], wait: false, ...values },
      positionals,
    })
  })
}

// biome-ignore format: a table
const WRONG: readonly (readonly [string, readonly string[], string, string | undefined])[] = [
  ['an unknown option',            ['--http-prot', '80'],  'unknown option --http-prot',             'Did you mean --http-port?'],
  ['one far from everything',      ['--zzz'],              'unknown option --zzz',                   undefined],
  ['its letter',                   ['-x'],                 'unknown option -x',                      undefined],
  ['a value left out',             ['--text'],             '--text needs a value: --text TEXT',      undefined],
  ['a switch with a value',        ['--wait=no'],          '--wait takes no value',                  undefined],
  ['a port that is no number',     ['--http-port', '8o'],  '--http-port must be a whole number from 0 to 65535, not 8o', undefined],
  ['a port out of range',          ['--http-port=65536'],  '--http-port must be a whole number from 0 to 65535, not 65536', undefined],
  ['a negative port',              ['--http-port', '-1'],  '--http-port must be a whole number from 0 to 65535, not -1', undefined],
  ['a word outside its choices',   ['--level', 'debg'],    '--level must be one of info, debug, not debg', 'Did you mean debug?'],
  ['a name of every object',       ['--constructor'],      'unknown option --constructor',           undefined],
]

for (const [name, args, message, hint] of WRONG) {
  test(`the parser refuses ${name} and names it`, () => {
    const parsed = parseArguments(table, args)
    assert.deepEqual(parsed, { kind: 'wrong', message, ...(hint !== undefined && { hint }) })
  })
}

test('a required option that is absent is named', () => {
  const parsed = parseArguments({ to: { type: 'list', value: 'N', help: '', required: true } }, [])
  assert.deepEqual(parsed, { kind: 'wrong', message: '--to is missing' })
})
