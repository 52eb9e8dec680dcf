/** What the simulated message centre does at each sandbox number, as a client over SMPP is told it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import { parseReceipt, type Receipt } from '../../src/codecs/sms/receipt.ts'
import { mm4Number } from '../../src/simulator/scripts.ts'
import { DEMO_ESME_SENDER } from '../../src/simulator/smpp-accounts.ts'
import { SMSC_CODES } from '../../src/simulator/smsc-scripts.ts'
import { until } from '../support/inbox.ts'
import { type BoundClient, bindTo } from '../support/smpp-door.ts'
import { startGateway } from '../support/start-gateway.ts'

const LONG = 'This text is long enough for two parts. '.repeat(5)

/** Never answered. */
const SILENT = '116'
const STEP_MS = 1000
const REPORT_WINDOW_MS = 7_200_000
/** Some thirty messages with their retries, on a loaded machine. */
const DEADLINE_MS = 60_000

/** An interim code, and then the message arrives. */
const MENDED: ReadonlySet<string> = new Set(['111', '115'])
/** Where the end has another code than the attempts before it. */
const ENDS: Readonly<Record<string, string>> = { '112': '201', '116': '201' }

/** What has no code: the number's, the text, and how it ends. */
// biome-ignore format: a table
const ODDITIES = [
  ['9001', 'a receipt before its answer',           'short', 'DELIVRD'],
  ['9002', 'each receipt twice',                    'short', 'DELIVRD'],
  ['9003', 'an id reported in decimal',             'short', 'DELIVRD'],
  ['9004', 'an id without its zeros',               'short', 'DELIVRD'],
  ['9006', 'a second part that fails',              LONG,    'UNDELIV'],
  ['9010', 'a congested centre',                    'short', 'DELIVRD'],
  ['9011', 'a pace that is refused once',           'short', 'DELIVRD'],
  ['9013', 'a receipt in a data_sm',                'short', 'DELIVRD'],
  ['9014', 'a word before the last one',            'short', 'DELIVRD'],
] as const

async function submit(client: BoundClient, code: string, text: string): Promise<string> {
  const octets = Buffer.from(text)
  const reply = await client.session.request(
    createSubmitSm({
      source: { ton: 1, npi: 1, addr: DEMO_ESME_SENDER },
      destination: { ton: 1, npi: 1, addr: mm4Number(code) },
      registeredDelivery: 1,
      ...(octets.length > 254 ? { tlvs: { messagePayload: octets } } : { shortMessage: octets }),
    }),
  )
  assert.ok(reply.kind === 'answered' && 'messageId' in reply.response, JSON.stringify(reply))
  assert.equal(reply.commandStatus, 0)
  return reply.response.messageId
}

test('every scripted number ends as its code says', async (t) => {
  const world = await startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    directory: (data) => ({ ...data, accounts: [], numbers: [], carriers: [], routes: [] }),
  })
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  const codeById = new Map<string, string>()
  for (const code of SMSC_CODES) codeById.set(await submit(client, code, `To ${code}`), code)
  for (const [code, , text] of ODDITIES) codeById.set(await submit(client, code, text), code)

  const ends = new Map<string, Receipt>()
  const look = async () => {
    for (const { shortMessage } of client.inbox.all) {
      const receipt = parseReceipt(Buffer.from(shortMessage).toString('latin1'))
      const code = codeById.get(receipt?.id ?? '')
      if (receipt !== undefined && code !== undefined) ends.set(code, receipt)
    }
    const open = [...codeById].filter(([, code]) => !ends.has(code))
    // Retries and the report window, in steps that cut no answer short but the one that never comes.
    const answering = open.filter(([, code]) => code !== SILENT)
    const waits = await Promise.all(answering.map(([id]) => world.trace(id)))
    const quiet = waits.every(({ deliveries }) => deliveries[0]?.state !== 'attempting')
    if (quiet) world.advance(open.length === 1 ? REPORT_WINDOW_MS : STEP_MS)
    return open.length === 0
  }
  await until('every end', look, DEADLINE_MS).catch(async (error: Error) => {
    const open = [...codeById].filter(([, code]) => !ends.has(code))
    const states = await Promise.all(
      open.map(
        async ([id, code]) => `${code}: ${JSON.stringify((await world.trace(id)).deliveries)}`,
      ),
    )
    throw new Error(`${error.message}\n${states.join('\n')}`)
  })

  for (const code of SMSC_CODES) {
    await t.test(`${mm4Number(code)}: ${code}`, () => {
      const { stat, err } = ends.get(code) ?? {}
      if (MENDED.has(code)) assert.equal(stat, 'DELIVRD')
      else assert.equal(err, ENDS[code] ?? code)
    })
  }
  for (const [code, name, , stat] of ODDITIES) {
    await t.test(`${mm4Number(code)}: ${name}`, () => assert.equal(ends.get(code)?.stat, stat))
  }
})
