/** The client's side of reports: whatever comes is answered, and only reports are kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import { namespaceFor } from '../codecs/mm7/versions.ts'
import { openReportInbox } from './report-inbox.ts'

const report = (messageId: string, mmStatus: string) =>
  encodeMm7({
    transactionId: 'r-1',
    namespace: namespaceFor('6.8.0'),
    operation: {
      name: 'DeliveryReportReq',
      mm7Version: '6.8.0',
      messageId,
      mmStatus,
      statusText: 'Success',
    },
  })

const post = (url: string, body: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' }, body })

test('a report is answered with 1000 and found by its message, before or after it was asked for', async (t) => {
  const inbox = await openReportInbox('127.0.0.1')
  t.after(() => inbox.close())
  const early = inbox.find('7', ({ status }) => status === 'Retrieved', 5000)
  for (const status of ['Forwarded', 'Retrieved']) {
    const answer = await post(inbox.url, report('7', status))
    assert.match(await answer.text(), /DeliveryReportRsp[\s\S]*<StatusCode>1000</)
  }
  assert.equal((await early).found?.text, 'Success')
  const late = await inbox.find('7', ({ status }) => status === 'Forwarded', 5000)
  assert.equal(late.found?.status, 'Forwarded')
  assert.equal(late.all.length, 2)
})

test('a report that never comes is nothing, and the others are told', async (t) => {
  const inbox = await openReportInbox('127.0.0.1')
  t.after(() => inbox.close())
  await post(inbox.url, report('7', 'Forwarded'))
  const { found, all } = await inbox.find('7', ({ status }) => status === 'Expired', 20)
  assert.equal(found, undefined)
  assert.deepEqual(
    all.map(({ status }) => status),
    ['Forwarded'],
  )
})

test('what is no report is answered too, and kept nowhere', async (t) => {
  const inbox = await openReportInbox('127.0.0.1')
  t.after(() => inbox.close())
  assert.equal((await post(inbox.url, '<html>')).status, 200)
  assert.deepEqual(await inbox.find('', () => true, 20), { found: undefined, all: [] })
})
