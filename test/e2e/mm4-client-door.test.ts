/** The MM4 door towards clients: what is checked, what is answered, what is reported, in codes. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { AccountPolicy } from '../../src/core/directory.ts'
import { OPEN_POLICY } from '../../src/core/directory.ts'
import { reporting, WILLING } from '../support/carrier.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { until } from '../support/inbox.ts'
import {
  CLIENT,
  CLIENT_DOMAIN,
  OWN_NUMBER,
  SYSTEM_OF_CLIENT,
  startAccount,
  submissionFields,
} from '../support/mm4-account.ts'
import { callDoor, writeMail } from '../support/mm4-client.ts'
import { ACCOUNT, GATEWAY_DOMAIN, HANDSET } from '../support/start-gateway.ts'

const STRICT: AccountPolicy = {
  ...OPEN_POLICY,
  sendersFromInventory: true,
  shortCodes: false,
  tollFree: false,
  fixedLines: false,
  countries: ['US'],
  groupMax: 10,
  mediaTypes: ['image/*', 'text/plain'],
  contentBytesMax: 50_000,
  tollFreeBytesMax: 50_000,
}

test('a submission is answered Ok, travels to the carrier, and is reported with its code', async (t) => {
  const world = await startAccount(t)
  const fields = submissionFields()
  assert.match(await world.submit4(fields), /^250 2\.0\.0/)
  const { headers, envelope } = await world.mmsc.next('MM4_forward.RES')
  assert.equal(headers.get('X-Mms-Request-Status-Code'), 'Ok')
  assert.equal(headers.get('X-Internal-Status-Code'), undefined)
  assert.equal(headers.get('X-Mms-Transaction-ID'), fields['X-Mms-Transaction-ID'])
  assert.deepEqual(envelope.to, [SYSTEM_OF_CLIENT])
  const sent = await world.carrier.next('MM4_forward.REQ')
  assert.match(sent.headers.get('From') ?? '', new RegExp(`^\\+${OWN_NUMBER}/TYPE=PLMN`))
  const report = await world.mmsc.next('MM4_delivery_report.REQ')
  assert.equal(report.headers.get('X-Mms-MM-Status-Code'), 'Retrieved')
  assert.equal(report.headers.get('X-Internal-Status-Code'), '0')
  assert.equal(report.headers.get('X-Mms-Message-ID'), fields['X-Mms-Message-ID'])
  assert.match(report.headers.get('From') ?? '', new RegExp(`^\\+${HANDSET}/`))
  assert.deepEqual(report.envelope.to, [`+${OWN_NUMBER}/TYPE=PLMN@${CLIENT_DOMAIN}`])
})

// biome-ignore format: a table
const refusals = [
  ['a sender of nine digits',      { From: '+123456789/TYPE=PLMN' }, [HANDSET],          'Error-sending-address-unresolved', '302', 'malformed-invalid-from-number'],
  ['a recipient of nine digits',   {}, ['123456789'],                                    'Error-sending-address-unresolved', '303', 'malformed-invalid-to-number'],
  ['a flag that says neither',     { 'X-Mms-Delivery-Report': 'Maybe' }, [HANDSET],      'Error-message-format-corrupt',     '306', 'malformed-invalid-dlr-flag'],
  ['the sender as recipient',      {}, [OWN_NUMBER],                                     'Error-service-denied',             '401', 'rejected-loop-detected'],
  ['our own mark',                 { Received: 'from x by relay.gateway.example; now' }, [HANDSET], 'Error-service-denied',    '401', 'rejected-loop-detected'],
  ['too many hops',                { Received: new Array(101).fill('by hop.example') }, [HANDSET], 'Error-network-problem',    '141', 'temporary-too-many-hops'],
  ['another account’s sender',     { From: '12345/TYPE=PLMN' }, [HANDSET],               'Error-service-denied',             '403', 'rejected-forbidden-from-number'],
  ['a reserved recipient',         {}, ['11111111111'],                                  'Error-sending-address-unresolved', '404', 'rejected-forbidden-to-number'],
  ['a sender of nobody',           { From: '+15005550199/TYPE=PLMN' }, [HANDSET],        'Error-service-denied',             '405', 'rejected-unallocated-from-number'],
  ['a short code as recipient',    {}, ['24680'],                                        'Error-service-denied',             '431', 'rejected-forbidden-shortcode'],
  ['another country',              {}, ['447700900123'],                                 'Error-service-denied',             '432', 'rejected-forbidden-country'],
  ['a toll-free recipient',        {}, ['18005550123'],                                  'Error-service-denied',             '433', 'rejected-forbidden-tollfree'],
  ['an application of nobody',     { 'X-Mms-Applic-ID': 'org.example.none' }, [HANDSET], 'Error-service-denied',             '452', 'rejected-wrong-application-id'],
  ['an emergency number',          {}, ['911'],                                          'Error-service-denied',             '492', 'reject-emergency'],
  ['a program',                    { 'Content-Type': 'application/x-msdownload' }, [HANDSET], 'Error-content-not-accepted',  '412', 'media-content-invalid'],
] as const

test('each refusal is answered with its status, code and name', async (t) => {
  const world = await startAccount(t, { directory: strict })
  for (const [name, change, to, status, code, text] of refusals) {
    assert.match(await world.submit4(submissionFields(change), [...to]), /^250/, name)
    const answer = await world.response()
    assert.deepEqual([answer.status, answer.code, answer.text], [status, code, text], name)
  }
  assert.equal(world.carrier.mails.all.length, 0, 'nothing of it left')
})

function strict(
  data: Parameters<NonNullable<Parameters<typeof startAccount>[1]>['directory'] & {}>[0],
) {
  const accounts = data.accounts.map((account) =>
    account.id === CLIENT ? { ...account, policy: STRICT } : account,
  )
  return { ...data, accounts }
}

test('recipients are judged one by one, and each verdict names its own', async (t) => {
  const world = await startAccount(t, { directory: strict })
  const group = { To: `+${HANDSET}/TYPE=PLMN, +18005550123/TYPE=PLMN, +15550100177/TYPE=PLMN` }
  const to = [HANDSET, '18005550123', '15550100177']
  assert.match(await world.submit4(submissionFields(group), to), /^250/)
  const [first, second] = [await world.response(), await world.response()]
  const ok = first.status === 'Ok' ? first : second
  const no = first.status === 'Ok' ? second : first
  assert.equal(ok.about, `+${HANDSET}/TYPE=PLMN, +15550100177/TYPE=PLMN`)
  assert.deepEqual([no.code, no.about], ['433', '+18005550123/TYPE=PLMN'])
  const sent = await world.carrier.next('MM4_forward.REQ')
  assert.match(sent.headers.get('To') ?? '', /\+18005550123\/TYPE=PLMN, \+15550100177/)
})

test('the envelope decides: of a group of twenty shown only one is sent to', async (t) => {
  const world = await startAccount(t)
  const shown = Array.from({ length: 20 }, (_, i) => `+155501001${40 + i}/TYPE=PLMN`)
  await world.submit4(submissionFields({ To: shown.join(', ') }), ['15550100150'])
  assert.equal((await world.response()).status, 'Ok')
  const { envelope } = await world.carrier.next('MM4_forward.REQ')
  assert.deepEqual(envelope.to, ['+15550100150/TYPE=PLMN@mms.carrier.example'])
  assert.equal((await world.report()).status, 'Retrieved')
  assert.equal(world.carrier.mails.all.length, 1)
})

test('eleven shown are too many for an account of ten', async (t) => {
  const world = await startAccount(t, { directory: strict })
  const shown = Array.from({ length: 11 }, (_, i) => `+155501001${40 + i}/TYPE=PLMN`)
  await world.submit4(submissionFields({ To: shown.join(', ') }), ['15550100150'])
  const { status, code } = await world.response()
  assert.deepEqual([status, code], ['Error-content-not-accepted', '435'])
})

test('a repeated request gets the same response and is sent once', async (t) => {
  const world = await startAccount(t)
  const fields = submissionFields()
  for (let time = 0; time < 3; time += 1) {
    await world.submit4(fields)
    assert.equal((await world.response()).status, 'Ok')
  }
  assert.equal((await world.report()).status, 'Retrieved')
  assert.equal(world.carrier.mails.all.length, 1)
})

test('without a wish for responses a refusal of all is told in SMTP, with its code', async (t) => {
  const world = await startAccount(t, { directory: strict })
  const fields = submissionFields({ 'X-Mms-Ack-Request': 'No' })
  assert.match(await world.submit4(fields, ['911']), /^550 5\.7\.1 492 reject-emergency$/)
})

// biome-ignore format: a table
const outcomes = [
  ['Expired',       reporting('Expired'),       'Expired',       '650', 'destination-failed', undefined],
  ['Rejected',      reporting('Rejected'),      'Rejected',      '750', 'destination-rejected-message', 'Rejection-by-other-RS'],
  ['Unrecognised',  reporting('Unrecognised'),  'Unrecognised',  '700', 'invalid-service-type', undefined],
  ['Unreachable',   reporting('Unreachable'),   'Unreachable',   '650', 'destination-failed', undefined],
  ['Indeterminate', reporting('Indeterminate'), 'Indeterminate', '999', 'unknown-error', undefined],
  ['unspecified',   { ...WILLING, response: 'Error-unspecified' },                'Rejected', '500', 'message-send-failed', undefined],
  ['denied',        { ...WILLING, response: 'Error-service-denied' },             'Rejected', '750', 'destination-rejected-message', 'Rejection-by-other-RS'],
  ['corrupt',       { ...WILLING, response: 'Error-message-format-corrupt' },     'Rejected', '350', 'malformed-for-destination', undefined],
  ['unresolved',    { ...WILLING, response: 'Error-sending-address-unresolved' }, 'Rejected', '720', 'invalid-destination-address', 'Rejection-by-other-RS'],
  ['not accepted',  { ...WILLING, response: 'Error-content-not-accepted' },       'Rejected', '712', 'media-content-invalid', 'Rejection-by-other-RS'],
  ['unsupported',   { ...WILLING, response: 'Error-unsupported-message' },        'Unrecognised', '700', 'invalid-service-type', undefined],
  ['its sender',    { ...WILLING, response: 'Error-service-denied', responseText: 'Sender not provisioned here' }, 'Rejected', '740', 'invalid-source-address', 'Rejection-by-other-RS'],
  ['its size',      { ...WILLING, response: 'Error-content-not-accepted', responseText: 'Message size exceeded' }, 'Rejected', '352', 'malformed-too-large-for-destination', undefined],
  ['no such MM',    { ...WILLING, response: 'Error-message-not-found' },          'Rejected', '999', 'unknown-error', undefined],
] as const

test('what a carrier says becomes status, code and name of a report', async (t) => {
  const world = await startAccount(t)
  for (const [i, [name, behaviour, status, code, text, extension]] of outcomes.entries()) {
    const number = `155501007${String(i).padStart(2, '0')}`
    world.carrier.script(number, behaviour)
    await world.submit4(submissionFields(), [number])
    const report = await world.report()
    assert.deepEqual(
      [report.status, report.code, report.text, report.extension],
      [status, code, text, extension],
      name,
    )
  }
})

test('while it tries again it says so, and at the end what the carrier said last', async (t) => {
  const world = await startAccount(t, { mm4: { retryDelayMsMin: 1, retryDelayMsMax: 1 } })
  const busy = { ...WILLING, line: { at: 'rcpt', code: 452, text: '4.3.1 Queue full' } } as const
  world.carrier.script(HANDSET, busy)
  await world.submit4(submissionFields())
  const interim = await world.report()
  assert.deepEqual([interim.status, interim.code], ['Deferred', '115'])
  const final = await world.report()
  assert.deepEqual(
    [final.status, final.code, final.text],
    ['Rejected', '600', 'destination-carrier-queue-full'],
  )
})

test('no report inside the window is told as unknown, with a code of its own', async (t) => {
  const world = await startAccount(t)
  world.carrier.script(HANDSET, { ...WILLING, reports: [] })
  await world.submit4(submissionFields())
  const { headers } = await world.carrier.next('MM4_forward.REQ')
  const id = /[0-9]{18}/.exec(headers.get('X-Mms-Message-ID') ?? '')?.[0] ?? ''
  await world.settled(id, 'submitted')
  await world.skip(id, 'submitted')
  const { status, code, text } = await world.report()
  assert.deepEqual([status, code, text], ['Indeterminate', '902', 'delivery-receipt-expired'])
})

test('in the standard’s own dialect there are words and no codes', async (t) => {
  const world = await startAccount(t, { dialect: '3gpp', directory: strict })
  await world.submit4(submissionFields(), ['911'])
  const { status, code } = await world.response()
  assert.deepEqual([status, code], ['Error-sending-address-unresolved', undefined])
})

test('a message from a handset reaches the account’s MMSC, and its answers come back', async (t) => {
  const world = await startAccount(t)
  world.mmsc.script(OWN_NUMBER, reporting('Retrieved'))
  const to = {
    raw: `+${OWN_NUMBER}/TYPE=PLMN@${GATEWAY_DOMAIN}`,
    text: OWN_NUMBER,
    kind: 'number' as const,
    domain: GATEWAY_DOMAIN,
  }
  const bytes = Buffer.from('Hello from a handset')
  await world.carrier.sendFromHandset(HANDSET, to, [
    { contentType: 'text/plain', contentId: 'text', bytes },
  ])
  const got = await world.mmsc.next('MM4_forward.REQ')
  assert.deepEqual(got.envelope.to, [`+${OWN_NUMBER}/TYPE=PLMN@${CLIENT_DOMAIN}`])
  assert.deepEqual(Buffer.from(got.parts[0]?.bytes ?? []), bytes)
  const told = await world.carrier.next('MM4_delivery_report.REQ')
  assert.equal(told.headers.get('X-Mms-MM-Status-Code'), 'Retrieved')
})

test('an account of MM7 sees nothing of it', async (t) => {
  const world = await startAccount(t)
  const id = await world.submit(HANDSET)
  await world.settled(id, 'delivered')
  assert.equal(world.mmsc.mails.all.length, 0)
  assert.notEqual(ACCOUNT, CLIENT)
})

test('a peer’s own code outweighs its words, and an operator’s table outweighs both', async (t) => {
  const world = await startAccount(t, {
    mm4: {
      codes: 'bandwidth',
      overrides: [{ contains: 'quota of the day', reason: 'carrier-denied' }],
    },
  })
  const refusing = (responseText: string, responseCode?: string) => ({
    ...WILLING,
    response: 'Error-unspecified' as const,
    responseText,
    ...(responseCode === undefined ? {} : { responseCode }),
  })
  world.carrier.script('15550100701', refusing('whatever', '775'))
  world.carrier.script('15550100702', refusing('Quota of the day', '775'))
  world.carrier.script('15550100703', refusing('whatever', '12345'))
  for (const [number, code] of [
    ['15550100701', '775'],
    ['15550100702', '750'],
    ['15550100703', '500'],
  ] as const) {
    await world.submit4(submissionFields(), [number])
    assert.equal((await world.report()).code, code, number)
  }
})

test('a login speaks for its own domain only', async (t) => {
  const world = await startAccount(t)
  const line = await callDoor(world.ports.smtp, '127.0.0.2')
  for (const command of [
    `MAIL FROM:<+${OWN_NUMBER}/TYPE=PLMN@mms.somebody.example>`,
    `RCPT TO:<+${HANDSET}/TYPE=PLMN@${GATEWAY_DOMAIN}>`,
    'DATA',
  ]) {
    assert.match(await line.ask(command), /^[23]/)
  }
  assert.match(await line.ask(`${writeMail(submissionFields())}.`), /^250/)
  const { status, code } = await world.response()
  assert.deepEqual([status, code], ['Error-service-denied', '451'])
  line.socket.destroy()
})

test('an account may make so many calls and no more', async (t) => {
  const world = await startAccount(t, {
    account: { limits: { callsPerSecond: 0.001, callsBurst: 1, contentBytesMax: 1_000_000 } },
  })
  await world.submit4(submissionFields())
  assert.equal((await world.response()).status, 'Ok')
  await world.submit4(submissionFields())
  const { status, code } = await world.response()
  assert.deepEqual([status, code], ['Error-network-problem', '211'])
})

test('a message for a way that is switched off waits, says so, and ends when its time is up', async (t) => {
  const world = await startAccount(t, {
    directory: (data) => ({
      ...data,
      carriers: data.carriers.map((carrier) => ({ ...carrier, enabled: false })),
    }),
  })
  await world.submit4(submissionFields({ 'X-Mms-Expiry': '3600' }))
  const interim = await world.report()
  assert.deepEqual([interim.status, interim.code], ['Deferred', '140'])
  // The report was seen, but a clock that leaps before it is settled has it told once more.
  await until('the report to be settled', async () => {
    const { notices } = JSON.parse((await world.get('/admin/queue')).body)
    return notices.length === 0
  })
  world.advance(3_700_000)
  const { status, code, text } = await world.report()
  assert.deepEqual(
    [status, code, text],
    ['Expired', '201', 'temporary-rout-error-retries-exceeded (140 temporary-rout-unroute)'],
  )
})

test('that a handset read it travels back to the account that asked', async (t) => {
  const world = await startAccount(t)
  world.carrier.script(HANDSET, { ...WILLING, read: { status: 'Read', afterMs: 0 } })
  await world.submit4(submissionFields({ 'X-Mms-Read-Reply': 'Yes' }))
  const { headers } = await world.mmsc.next('MM4_read_reply_report.REQ')
  assert.equal(headers.get('X-Mms-Read-Status'), 'Read')
})

test('TLS by certificate alone makes a peer known', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
  writeFileSync(files.key, KEY, { mode: 0o600 })
  writeFileSync(files.cert, CERTIFICATE)
  const mark = new X509Certificate(CERTIFICATE).fingerprint256
  const world = await startAccount(t, {
    client: { fromAddresses: [], certificates: [mark] },
    mm4: { fromAddresses: ['192.0.2.1'] },
    flags: {
      'smtp.tls.key': files.key,
      'smtp.tls.cert': files.cert,
      'smtp.tls.clientCertificates': true,
    },
  })
  const send = (own: object) => {
    const tls = { ca: CERTIFICATE, ...own }
    const transport = createTransport({ host: 'localhost', port: world.ports.smtp, tls })
    const raw = writeMail(submissionFields())
    const from = `+${OWN_NUMBER}/TYPE=PLMN@${CLIENT_DOMAIN}`
    return transport.sendMail({
      envelope: { from, to: [`+${HANDSET}/TYPE=PLMN@${GATEWAY_DOMAIN}`] },
      raw,
    })
  }
  await assert.rejects(send({}), { responseCode: 530 })
  await send({ key: KEY, cert: CERTIFICATE })
  assert.equal((await world.response()).status, 'Ok')
})
