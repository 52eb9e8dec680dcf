/** Whose subscriber a recipient is: from a local table or a service, the last thing before accept. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Account } from '../../src/core/directory.ts'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { startGateway, type World, type WorldOptions } from '../support/start-gateway.ts'

const NORTHERN = '15550100001'
const SOUTHERN = '15550200001'
const UNKNOWN = '15550900001'

/** Two carriers, each with a default route; the northern comes first. */
const twoCarriers: WorldOptions['directory'] = (data) => {
  const [north] = data.carriers
  const [route] = data.routes
  if (north === undefined || route === undefined) return data
  return {
    ...data,
    carriers: [north, { ...north, name: 'south', ids: ['31003'] }],
    routes: [route, { ...route, name: 'all-south', carrier: 'south' }],
  }
}

function writeTable(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-table-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'carriers.txt')
  writeFileSync(file, '15550100001 31002\n1555020 31003 # by its id\n')
  return file
}

const openLooking = (t: TestContext, account: Partial<Account>, flags: WorldOptions['flags']) =>
  startGateway(t, {
    account: { carrierLookup: true, ...account },
    directory: twoCarriers,
    ...(flags === undefined ? {} : { flags }),
  })

async function routeOf(world: World, to: string): Promise<string | undefined> {
  const story = await world.trace(await world.submit(to))
  return story.deliveries[0]?.lane
}

test('the local table says which carrier a message takes', async (t) => {
  const world = await openLooking(t, {}, { 'lookup.tableFile': writeTable(t) })
  assert.equal(await routeOf(world, NORTHERN), 'north')
  assert.equal(await routeOf(world, SOUTHERN), 'south')
  assert.equal((await world.send({}, UNKNOWN)).code, '3520', 'nobody’s subscriber')
})

test('a carrier the account is not provisioned on is refused, looked up or named', async (t) => {
  const account = { dialect: 'skycore', carriers: ['north'] }
  const world = await openLooking(t, account, { 'lookup.tableFile': writeTable(t) })
  const path = '/mm7/skycore'
  assert.equal((await world.send({ path }, NORTHERN)).code, '1000')
  assert.equal((await world.send({ path }, SOUTHERN)).code, '2570')
  const headers = { 'X-Skycore-Carrier-Id': '31003' }
  assert.equal((await world.send({ path, headers }, NORTHERN)).code, '2570')
})

test('a service is asked once for a number, and never for a request that is refused anyway', async (t) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { network: 'Southern Bells' } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const world = await startGateway(t, {
    account: { carrierLookup: true },
    directory: twoCarriers,
    config: (config) => ({
      ...config,
      lookup: {
        service: {
          url: `http://127.0.0.1:${port}/of/{number}`,
          carrier: '{data.network}',
          bearer: 'bell',
          names: [{ theirs: 'Southern Bells', ours: '31003' }],
          timeoutMs: 2000,
          connections: 2,
          keepMs: 60_000,
          keepUnknownMs: 60_000,
        },
      },
    }),
  })
  const operation = { ...ordinaryOperation(NORTHERN), chargedParty: 'Sender' as const }
  assert.equal((await world.send({ operation })).code, '3002')
  assert.equal(await routeOf(world, NORTHERN), 'south')
  assert.equal(await routeOf(world, NORTHERN), 'south')
  assert.deepEqual(asked, [`/of/${NORTHERN} Bearer bell`])
})

test('without a source, or without its answer, the look-up is down', async (t) => {
  const world = await openLooking(t, {}, undefined)
  assert.equal((await world.send({}, NORTHERN)).code, '3000')
})

test('a table with a wrong line stops the start, with the line', async (t) => {
  const file = writeTable(t)
  writeFileSync(file, '1555 31002\nthree words here\n')
  await assert.rejects(openLooking(t, {}, { 'lookup.tableFile': file }), /line 2/)
})

test('the sandbox’s numbers provoke 2569 and 2570, or what stands for them', async (t) => {
  const world = await startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    directory: () => ({ accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }),
  })
  const codeOf = async (dialect: string, account: string, to: string) => {
    const operation = ordinaryOperation(to, `${dialect}-${account}`)
    return (await world.send({ path: `/mm7/${dialect}`, operation })).code
  }
  const down = '99910002569'
  const far = '99910002570'
  const plain = '15550100199'
  assert.equal(await codeOf('skycore', '2569', down), '2569')
  assert.equal(await codeOf('skycore', '2569', far), '2570')
  assert.equal(await codeOf('skycore', '2569', plain), '1000')
  assert.equal(await codeOf('skycore', '2570', plain), '2570')
  assert.equal(await codeOf('sinch', '2569', down), '3000')
  assert.equal(await codeOf('sinch', '2570', plain), '3520')
  assert.equal(await codeOf('smsglobal', '2569', down), '4006')
})
