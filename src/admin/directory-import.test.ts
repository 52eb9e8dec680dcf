import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorError, printProblem } from '../config/operator-error.ts'
import { openDirectoryHolder } from '../engine/directory-holder.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { checkDirectory } from './directory-check.ts'
import { directoryError, importDirectory } from './directory-import.ts'

const ACCOUNT = `
[[accounts]]
id = "florist"
dialect = "plain"
[[accounts.services]]
id = "bouquets"
senders = ["24680"]
`
const CARRIER = `
[[carriers]]
name = "harbour"
ids = ["harbour-us"]
[carriers.mm4]
host = "mmsc.example"
domain = "mms.example"
`

async function open() {
  const facts = { dialects: ['plain', 'fancy'] }
  const holder = await openDirectoryHolder(openMemoryStore(), (data) => checkDirectory(data, facts))
  const load = (text: string, mode: 'merge' | 'replace' = 'merge') =>
    importDirectory(holder, { text, format: 'toml', mode, where: 'd.toml' }, { env: {} })
  return { holder, load }
}

test('a whole file is imported and is in force at once', async () => {
  const { holder, load } = await open()
  const imported = await load(`${ACCOUNT}${CARRIER}
[[numbers]]
number = "24680"
account = "florist"
service = "bouquets"
[[routes]]
name = "all"
carrier = "harbour"
accounts = ["florist"]
[[blocks]]
number = "15005550199"
account = "florist"
`)
  assert.deepEqual(imported, {
    kind: 'imported',
    added: [
      'account florist',
      'number 24680',
      'carrier harbour',
      'route all',
      'block 15005550199 florist',
    ],
    changed: [],
    removed: [],
  })
  assert.equal(holder.current().ownNumber.get('24680')?.service, 'bouquets')
})

const MM7 = '[accounts.mm7]\nvaspId = "one-key"\n'
const TWO_KEYS = `${ACCOUNT}${MM7}[[accounts]]\nid = "baker"\ndialect = "plain"\n${MM7}`
const TWO_IDS = `${CARRIER}[[carriers]]\nname = "bay"\nids = ["harbour-us"]\nmm4 = { host = "h", domain = "d" }\n`

// biome-ignore format: a table
const FAULTS: readonly (readonly [string, string, string, RegExp])[] = [
  ['a dialect there is not',         ACCOUNT.replace('plain', 'plian'),                         'accounts[0].dialect',      /no dialect plian.*mean "plain"/],
  ['a route to no carrier',          '[[routes]]\nname = "r"\ncarrier = "habour"\n',            'routes[0].carrier',        /no carrier habour.*mean "harbour"/],
  ['a route for no account',         '[[routes]]\nname = "r"\ncarrier = "harbour"\naccounts = ["x"]\n', 'routes[0].accounts[0]', /no account x/],
  ['a number of no account',         '[[numbers]]\nnumber = "13579"\naccount = "florsit"\n',    'numbers[0].account',       /mean "florist"/],
  ['a number of no service',         '[[numbers]]\nnumber = "13579"\naccount = "florist"\nservice = "b"\n', 'numbers[0].service', /no service of florist b/],
  ['a block for no account',         '[[blocks]]\nnumber = "15005550199"\naccount = "x"\n',     'blocks[0].account',        /no account x/],
  ['an application of no account',   '[[applications]]\nid = "game.example"\naccount = "x"\n',   'applications[0].account',  /no account x/],
  ['one application twice',          '[[applications]]\nid = "a"\n[[applications]]\nid = "a"\n',  'applications[1].id',       /appears twice/],
  ['one account twice',              `${ACCOUNT}${ACCOUNT}`,                                    'accounts[1].id',           /appears twice/],
  ['one carrier twice',              `${CARRIER}${CARRIER}`,                                    'carriers[1].name',         /appears twice/],
  ['one number twice, plus or not',  '[[numbers]]\nnumber = "15005550100"\naccount = "florist"\n[[numbers]]\nnumber = "+15005550100"\naccount = "florist"\n',
                                                                                                'numbers[1].number',        /appears twice/],
  ['one service twice',              `${ACCOUNT}[[accounts.services]]\nid = "bouquets"\nsenders = []\n`, 'accounts[0].services[1].id', /appears twice/],
  ['two accounts with one key',      TWO_KEYS,                                                  'accounts[0].mm7.vaspId',   /same as that of account/],
  ['two carriers with one id',       TWO_IDS,                                                   'carriers[0].ids[0]',       /also an id of carrier bay/],
  ['an allow list of words',         `${ACCOUNT}[accounts.mm7]\nvaspId = "k"\nallowAddresses = ["10.0.0.0/8", "office"]\n`,
                                                                                                'accounts[0].mm7.allowAddresses[1]', /no address and no CIDR/],
  ['a peer list of words',           `${CARRIER}fromAddresses = ["10.0.0.0/40"]\n`,             'carriers[0].mm4.fromAddresses[0]', /no address/],
  ['delays that cross',              `${CARRIER}retryDelayMsMin = 10\nretryDelayMsMax = 5\n`,   'carriers[0].mm4.retryDelayMsMin', /retryDelayMsMax \(5\)/],
]

for (const [name, text, path, says] of FAULTS) {
  test(`an import with ${name} is refused, named and without effect`, async () => {
    const { holder, load } = await open()
    await load(ACCOUNT + CARRIER)
    const before = holder.current()
    const imported = await load(text)
    assert.ok(imported.kind === 'refused')
    const problem = imported.problems.find((each) => each.path === path)
    assert.ok(problem !== undefined, JSON.stringify(imported.problems))
    assert.match(`${problem.message} ${problem.hint ?? ''}`, says)
    assert.match(problem.where ?? '', /^d\.toml:\d+$/)
    assert.equal(holder.current(), before)
  })
}

test('all faults of a file are told at once', async () => {
  const { load } = await open()
  const imported = await load(`
[[routes]]
name = "a"
carrier = "x"
[[routes]]
name = "b"
carrier = "y"
[[numbers]]
number = "24680"
account = "z"
`)
  assert.ok(imported.kind === 'refused')
  assert.deepEqual(
    imported.problems.map(({ where, path }) => [where, path]),
    [
      ['d.toml:10', 'numbers[0].account'],
      ['d.toml:4', 'routes[0].carrier'],
      ['d.toml:7', 'routes[1].carrier'],
    ],
  )
  const error = directoryError(imported.problems)
  assert.ok(error instanceof OperatorError)
  assert.equal(error.exitCode, 78)
  assert.equal(error.message.split('\n').length, 3)
})

test('what a replace would delete cannot be used by what it brings', async () => {
  const { holder, load } = await open()
  await load(ACCOUNT + CARRIER)
  const route = '[[routes]]\nname = "all"\ncarrier = "harbour"\n'
  const refused = await load(route, 'replace')
  assert.ok(refused.kind === 'refused')
  assert.equal(refused.problems[0]?.path, 'routes[0].carrier')
  assert.equal((await load(route)).kind, 'imported')
  assert.equal((await load(ACCOUNT, 'replace')).kind, 'imported')
  assert.deepEqual(holder.current().carriers, [])
})

test('a merge that takes a service from under a present number names the number', async () => {
  const { load } = await open()
  await load(`${ACCOUNT}[[numbers]]\nnumber = "24680"\naccount = "florist"\nservice = "bouquets"\n`)
  const imported = await load('[[accounts]]\nid = "florist"\ndialect = "plain"\n')
  assert.ok(imported.kind === 'refused')
  assert.deepEqual(imported.problems.map(printProblem), [
    'the present directory: numbers["24680"].service: there is no service of florist bouquets',
  ])
})

test('a file that is no TOML is an operator’s error with its line', async () => {
  const { load } = await open()
  await assert.rejects(load('[[accounts]\n'), (error) => error instanceof OperatorError)
})
