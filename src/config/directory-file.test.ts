import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY_DIRECTORY, indexDirectory } from '../core/directory.ts'
import { formatOf, parseDirectoryText, readDirectory } from './directory-file.ts'
import { OperatorError } from './operator-error.ts'
import { redactDirectory } from './redact.ts'
import { hashKey, matchesPassword } from './secret.ts'

const env = { FLORIST_KEY: 'key-from-env', EMPTY: '' }
const facts = { env, current: EMPTY_DIRECTORY, readFile: readKnownFile }

function readKnownFile(path: string): string {
  if (path === '/run/secrets/password') return 'from-file\n'
  throw new Error('ENOENT')
}

function account(mm7: Record<string, unknown>) {
  return { accounts: [{ id: 'florist', dialect: 'any', mm7 }] }
}

function upstream(mm7: Record<string, unknown>) {
  return {
    carriers: [{ name: 'tower', mm7: { url: 'https://h.example/mm7', vaspId: 'v', ...mm7 } }],
  }
}

function carrierOfTwo() {
  const [tower] = upstream({}).carriers
  const [harbour] = carrier({}).carriers
  return { carriers: [{ ...tower, ...harbour }] }
}

function carrier(mm4: Record<string, unknown>) {
  return { carriers: [{ name: 'harbour', mm4: { host: 'h', domain: 'd', ...mm4 } }] }
}

function centre(smpp: Record<string, unknown>) {
  const bind = { host: 'h', port: 2775, systemId: 'us', password: 'there' }
  return { carriers: [{ name: 'bay', smpp: { ...bind, ...smpp } }] }
}

async function read(input: unknown) {
  const checked = await readDirectory(input, facts)
  assert.equal(checked.kind, 'ok', JSON.stringify(checked))
  assert.ok(checked.kind === 'ok')
  return checked.value
}

test('an empty file is an empty directory', async () => {
  const nothing = {
    accounts: [],
    numbers: [],
    carriers: [],
    routes: [],
    blocks: [],
    applications: [],
  }
  assert.deepEqual(await read({}), nothing)
})

test('what a file leaves out gets its default', async () => {
  const { accounts, carriers } = await read({
    accounts: [{ id: 'florist', dialect: 'any' }],
    carriers: [{ name: 'harbour', mm4: { host: 'h.example', domain: 'd.example' } }],
  })
  assert.equal(accounts[0]?.name, 'florist')
  assert.equal(accounts[0]?.mm7, undefined)
  assert.equal(accounts[0]?.limits.callsPerSecond, 10)
  assert.equal(carriers[0]?.title, 'harbour')
  assert.equal(carriers[0]?.mm4?.port, 25)
  assert.equal(carriers[0]?.mm4?.reportWindowMs, 7_200_000)
  assert.equal(carriers[0]?.mm4?.perSecond, undefined)
})

test('numbers and prefixes lose their plus', async () => {
  const data = await read({
    accounts: [{ id: 'a', dialect: 'any', services: [{ id: 's', senders: ['+15005550100'] }] }],
    numbers: [{ number: '+15005550100', account: 'a' }],
    routes: [{ name: 'r', prefix: '+1', carrier: 'c' }],
    blocks: [{ number: '+15005550199' }],
  })
  assert.deepEqual(data.accounts[0]?.services[0]?.senders, ['15005550100'])
  assert.equal(data.numbers[0]?.number, '15005550100')
  assert.equal(data.routes[0]?.prefix, '1')
  assert.equal(data.blocks[0]?.number, '15005550199')
})

// biome-ignore format: a table
for (const [name, vaspId, key] of [
  ['plain',             'key-in-file',              'key-in-file'],
  ['from environment',  'env:FLORIST_KEY',          'key-from-env'],
  ['from a file',       'file:/run/secrets/password', 'from-file'],
] as const) {
  test(`a key given ${name} is kept as its SHA-256 only`, async () => {
    const data = await read(account({ vaspId }))
    assert.equal(data.accounts[0]?.mm7?.vaspIdHash, hashKey(key))
    assert.ok(!JSON.stringify(data).includes(key))
  })
}

test('passwords others present are kept as scrypt, those we present as written', async () => {
  const login = { user: 'u', password: 'file:/run/secrets/password' }
  const { accounts } = await read(
    account({ vaspId: 'k', basic: login, callbackBasic: { ...login, user: 'we' } }),
  )
  const mm7 = accounts[0]?.mm7
  assert.match(mm7?.basic?.passwordHash ?? '', /^scrypt\$16384\$8\$1\$/)
  assert.ok(await matchesPassword('from-file', mm7?.basic?.passwordHash ?? ''))
  assert.deepEqual(mm7?.callbackBasic, { user: 'we', password: 'file:/run/secrets/password' })
})

test('a repeated import keeps the hash of an unchanged password and replaces a changed one', async () => {
  const input = (password: string) => carrier({ peerAuth: { user: 'u', password } })
  const first = await read(input('one'))
  const current = indexDirectory(first)
  const hashOf = async (password: string) => {
    const again = await readDirectory(input(password), { ...facts, current })
    assert.ok(again.kind === 'ok')
    return again.value.carriers[0]?.mm4?.peerAuth?.passwordHash
  }
  const before = first.carriers[0]?.mm4?.peerAuth?.passwordHash
  assert.equal(await hashOf('one'), before)
  assert.notEqual(await hashOf('two'), before)
})

const HASH = hashKey('x')
const NAMELESS = { dialect: 'any' }
const ID = { id: 'a', dialect: 'any' }

// biome-ignore format: a table
const FAULTS: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['a list that does not exist',       { acounts: [] },                              'acounts',                        /mean "accounts"/],
  ['a list that is none',              { accounts: {} },                             'accounts',                       /a list of tables/],
  ['an entry that is none',            { accounts: ['x'] },                          'accounts[0]',                    /must be a table/],
  ['an account without id',            { accounts: [NAMELESS] },                     'accounts[0].id',                 /is missing/],
  ['an id with a space',               { accounts: [{ ...ID, id: 'a b' }] },         'accounts[0].id',                 /letters, digits/],
  ['an unknown field',                 { accounts: [{ ...ID, dialekt: 'x' }] },      'accounts[0].dialekt',            /mean "accounts\[0\]\.dialect"/],
  ['MM7 without a key',                account({}),                                  'accounts[0].mm7.vaspId',         /is missing/],
  ['a key twice',                      account({ vaspId: 'x', vaspIdHash: HASH }),   'accounts[0].mm7.vaspIdHash',     /beside vaspId/],
  ['a hash that is none',              account({ vaspIdHash: 'abc' }),               'accounts[0].mm7.vaspIdHash',     /64 hex digits/],
  ['a variable that is not set',       account({ vaspId: 'env:NO_SUCH' }),           'accounts[0].mm7.vaspId',         /no variable NO_SUCH/],
  ['a variable that is empty',         account({ vaspId: 'env:EMPTY' }),             'accounts[0].mm7.vaspId',         /no variable EMPTY/],
  ['a file that is not there',         account({ vaspId: 'file:/nowhere' }),         'accounts[0].mm7.vaspId',         /cannot be read/],
  ['a login without password',         account({ vaspId: 'k', basic: { user: 'u' } }), 'accounts[0].mm7.basic.password', /is missing/],
  ['a callback password that is not there', account({ vaspId: 'k', callbackBasic: { user: 'u', password: 'env:NO' } }),
                                                                                     'accounts[0].mm7.callbackBasic.password', /no variable NO/],
  ['credentials inside the callback',  account({ vaspId: 'k', callbackUrl: 'http://u:p@h/' }), 'accounts[0].mm7.callbackUrl', /without credentials/],
  ['a callback that is no HTTP',       account({ vaspId: 'k', callbackUrl: 'ftp://h/' }), 'accounts[0].mm7.callbackUrl', /http or https/],
  ['a fault status of its own',        account({ vaspId: 'k', faultStatus: 200 }),   'accounts[0].mm7.faultStatus',    /"200" or "500"/],
  ['a carrier without a protocol',     { carriers: [{ name: 'c' }] },                'carriers[0]',                    /no protocol/],
  ['a carrier with two protocols',     carrierOfTwo(),                               'carriers[0]',                    /more than one/],
  ['ids rewritten, and asked back by',  centre({ servesCancel: true, idForm: 'trimmed' }), 'carriers[0].smpp.servesCancel', /idForm is trimmed/],
  ['a callback key that is short',     upstream({ callback: { key: 'short' } }),     'carriers[0].mm7.callback.key',   /8 to 256/],
  ['a VASPID that is not there',       upstream({ vaspId: 'env:NO' }),               'carriers[0].mm7.vaspId',         /no variable NO/],
  ['a carrier port as text',           carrier({ port: '25' }),                      'carriers[0].mm4.port',           /whole number/],
  ['a version that is none',           carrier({ version: '6' }),                    'carriers[0].mm4.version',        /6\.10\.0/],
  ['an MM4 password that is not there', carrier({ auth: { user: 'u', password: 'env:NO' } }), 'carriers[0].mm4.auth.password', /no variable NO/],
  ['a number that is none',            { numbers: [{ number: '+1', account: 'a' }] }, 'numbers[0].number',             /7 to 15 digits/],
  ['a route that goes nowhere',        { routes: [{ name: 'r' }] },                  'routes[0].carrier',              /is missing/],
  ['a prefix with letters',            { routes: [{ name: 'r', carrier: 'c', prefix: '1a' }] }, 'routes[0].prefix',    /digits/],
  ['a block of a short code',          { blocks: [{ number: '12345' }] },            'blocks[0].number',               /7 to 15 digits/],
]

for (const [name, input, path, says] of FAULTS) {
  test(`the directory names ${name}`, async () => {
    const checked = await readDirectory(input, facts)
    assert.ok(checked.kind === 'wrong', 'it was accepted')
    const problem = checked.problems.find((each) => each.path === path)
    assert.ok(problem !== undefined, JSON.stringify(checked.problems))
    assert.match(`${problem.message} ${problem.hint ?? ''}`, says)
  })
}

test('no message about a wrong secret repeats the secret', async () => {
  const input = account({ vaspIdHash: 'canary-1', basic: { user: 'u', passwordHash: 'canary-2' } })
  const checked = await readDirectory(input, facts)
  assert.ok(checked.kind === 'wrong')
  assert.equal(checked.problems.length, 2)
  assert.ok(!JSON.stringify(checked).includes('canary'))
})

test('a shown directory holds references but no secret and no hash', async () => {
  const data = await read({
    ...account({
      vaspId: 'canary-key',
      basic: { user: 'shown', password: 'canary-password' },
      callbackBasic: { user: 'shown', password: 'canary-callback' },
    }),
    ...carrier({
      auth: { user: 'shown', password: 'env:FLORIST_KEY' },
      peerAuth: { user: 'shown', password: 'canary-peer' },
    }),
  })
  const shown = JSON.stringify(redactDirectory(indexDirectory(data)))
  assert.ok(shown.includes('env:FLORIST_KEY'))
  for (const secret of ['canary', 'scrypt', hashKey('canary-key')]) {
    assert.ok(!shown.includes(secret), secret)
  }
})

test('a text that is neither TOML nor JSON is named with its place, not with its content', () => {
  const thrown = (body: () => unknown): OperatorError => {
    try {
      body()
    } catch (error) {
      if (error instanceof OperatorError) return error
      throw error
    }
    throw new assert.AssertionError({ message: 'it was read' })
  }
  const json = thrown(() => parseDirectoryText('{"password": canary}', 'json', 'd.json'))
  assert.match(json.message, /^d\.json: not JSON/)
  assert.ok(!json.message.includes('canary'))
  assert.match(thrown(() => parseDirectoryText('a = ', 'toml', 'd.toml')).message, /^d\.toml:1: /)
})

test('a file is TOML unless its name ends in .json', () => {
  assert.deepEqual(['a.json', 'a.JSON', 'a.toml', 'a'].map(formatOf), [
    'json',
    'json',
    'toml',
    'toml',
  ])
})
