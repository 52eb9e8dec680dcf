/** The SMPP part against centres that are not right: it must see that, show it, and go on. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createDeliverSm, createResponse } from '../../codecs/smpp/create-body.ts'
import { printReceipt } from '../../codecs/sms/receipt.ts'
import { receiptDateOf } from '../../codecs/sms/receipt-date.ts'
import type { SmppServerHandler } from '../../transports/smpp/handler.ts'
import { openSmppServer } from '../../transports/smpp/server.ts'
import { rowsOf } from '../rows.ts'
import { runRows } from '../run.ts'
import type { World } from '../world.ts'

const HOST = '127.0.0.1'

/** Runs one row against a centre that answers so. */
async function run(t: TestContext, code: string, request: SmppServerHandler['request']) {
  const handler: SmppServerHandler = { bind: () => ({ commandStatus: 0 }), request }
  const server = await openSmppServer({ host: HOST, port: 0, systemId: 'centre', handler })
  t.after(() => server.close({ deadlineMs: 0 }))
  const openGateway: NonNullable<World['smpp']>['openGateway'] = () =>
    Promise.resolve({
      smtp: undefined,
      smpp: server.address,
      leave: () => undefined,
      close: () => Promise.resolve(),
    })
  const world: World = {
    door: { host: HOST, port: 1 },
    reports: { url: '', find: () => Promise.reject(), close: () => Promise.resolve() },
    smpp: { door: server.address, openGateway },
    command: () => Promise.reject(new Error('none here')),
    token: 'abc',
    timeouts: { answerMs: 2000, reportMs: 300 },
  }
  const options = { window: 1, now: () => 0, onStart: () => undefined, onEnd: () => undefined }
  const [result] = await runRows(rowsOf(['bandwidth'], [code]), world, options)
  assert.ok(result !== undefined)
  return result
}

const refusing = (commandStatus: number, additionalStatusInfoText?: string) => () => {
  const tlvs = additionalStatusInfoText === undefined ? {} : { additionalStatusInfoText }
  return { commandStatus, response: { ...createResponse('submit_sm'), tlvs } }
}

const ESME_RINVESMCLASS = 0x43

// biome-ignore format: a table
const responses: readonly (readonly [string, SmppServerHandler['request'], 'seen' | 'failed'])[] = [
  ['status, code and words',    refusing(ESME_RINVESMCLASS, '304 malformed-invalid-udh'), 'seen'],
  ['another status',            refusing(0x45, '304 malformed-invalid-udh'),              'failed'],
  ['another code',              refusing(ESME_RINVESMCLASS, '305 malformed-invalid-udh'), 'failed'],
  ['a status without words',    refusing(ESME_RINVESMCLASS),                              'failed'],
  ['a message that was taken',  () => ({ commandStatus: 0 }),                             'failed'],
]

for (const [name, request, state] of responses) {
  test(`a refusal is a row only by status, code and words: ${name}`, async (t) => {
    const result = await run(t, '304', request)
    assert.equal(result.state, state)
    assert.deepEqual(
      [...new Set(result.sighting.transcript.map(({ who }) => who))],
      ['sent', 'received'],
    )
  })
}

/** Takes every part and sends a receipt that says this, about the reference plus `off`. */
const receipting =
  (stat: string, err: string, off = 0): SmppServerHandler['request'] =>
  (body, session) => {
    const reference = (body.command === 'submit_sm' && body.tlvs.userMessageReference) || 0
    const date = receiptDateOf(0)
    const dates = { submitDate: date, doneDate: date }
    const words = printReceipt({ id: '17', sub: 1, dlvrd: 0, ...dates, stat, err, text: '' })
    setImmediate(
      () =>
        void session.request(
          createDeliverSm({
            destination: { ton: 1, npi: 1, addr: '15550100144' },
            esmClass: 0x04,
            shortMessage: Buffer.from(words),
            tlvs: { userMessageReference: reference + off, receiptedMessageId: '17' },
          }),
        ),
    )
    return { commandStatus: 0 }
  }

// biome-ignore format: a table
const receipts: readonly (readonly [string, SmppServerHandler['request'], 'seen' | 'failed'])[] = [
  ['state and code',           receipting('UNDELIV', '231'),    'seen'],
  ['another state',            receipting('DELIVRD', '231'),    'failed'],
  ['another code',             receipting('UNDELIV', '230'),    'failed'],
  ['of another message',       receipting('UNDELIV', '231', 1), 'failed'],
]

for (const [name, request, state] of receipts) {
  test(`a receipt is a row only by state and code: ${name}`, async (t) => {
    const result = await run(t, '231', request)
    assert.equal(result.state, state)
    if (state === 'seen') assert.equal(result.sighting.evidence, '17')
  })
}
