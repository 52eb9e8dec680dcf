import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  hashKey,
  hashPassword,
  isSecretReference,
  matchesPassword,
  parsePasswordHash,
  resolveSecret,
} from './secret.ts'

test('a key is kept as the SHA-256 of its UTF-8 bytes', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  assert.equal(hashKey('abc'), abc)
})

test('one password hashes differently each time and matches each time', async () => {
  const [one, two] = await Promise.all([hashPassword('päss'), hashPassword('päss')])
  assert.notEqual(one, two)
  assert.deepEqual(
    await Promise.all([
      matchesPassword('päss', one),
      matchesPassword('päss', two),
      matchesPassword('pass', one),
      matchesPassword('', one),
    ]),
    [true, true, false, false],
  )
})

const SALT = 'A'.repeat(22)
const HASH = 'A'.repeat(43)

// biome-ignore format: a table
for (const [name, stored, readable] of [
  ['what we write',             `scrypt$16384$8$1$${SALT}$${HASH}`,       true],
  ['another cost',              `scrypt$32768$8$2$${SALT}$${HASH}`,       true],
  ['nothing',                   '',                                       false],
  ['a plain password',          'hunter2',                                false],
  ['a cost that is no power',   `scrypt$16383$8$1$${SALT}$${HASH}`,       false],
  ['a cost beyond the limit',   `scrypt$262144$8$1$${SALT}$${HASH}`,      false],
  ['a cost of nothing',         `scrypt$1$8$1$${SALT}$${HASH}`,           false],
  ['a block size of nothing',   `scrypt$16384$0$1$${SALT}$${HASH}`,       false],
  ['no salt',                   `scrypt$16384$8$1$$${HASH}`,              false],
  ['a short hash',              `scrypt$16384$8$1$${SALT}$AAAA`,          false],
  ['another algorithm',         `bcrypt$16384$8$1$${SALT}$${HASH}`,       false],
  ['something behind it',       `scrypt$16384$8$1$${SALT}$${HASH}$x`,     false],
] as const) {
  test(`a stored password: ${name} is ${readable ? 'read' : 'not read and matches nothing'}`, async () => {
    assert.equal(parsePasswordHash(stored) !== undefined, readable)
    if (!readable) assert.equal(await matchesPassword('hunter2', stored), false)
  })
}

// biome-ignore format: a table
for (const [text, reference, resolved] of [
  ['plain',       false, { kind: 'ok', secret: 'plain' }],
  ['env:A',       true,  { kind: 'ok', secret: 'a' }],
  ['env:B',       true,  { kind: 'missing', because: 'the environment has no variable B' }],
  ['file:/f',     true,  { kind: 'ok', secret: ' two words ' }],
  ['file:/e',     true,  { kind: 'missing', because: 'file /e is empty' }],
  ['file:/none',  true,  { kind: 'missing', because: 'file /none cannot be read' }],
  ['environment', false, { kind: 'ok', secret: 'environment' }],
] as const) {
  test(`the secret behind ${text}`, () => {
    const files: Readonly<Record<string, string>> = { '/f': ' two words \r\n', '/e': '\n' }
    const readFile = (path: string) => {
      const content = files[path]
      if (content === undefined) throw new Error('ENOENT')
      return content
    }
    assert.equal(isSecretReference(text), reference)
    assert.deepEqual(resolveSecret(text, { env: { A: 'a' }, readFile }), resolved)
  })
}
