/**
 * Two MM7 clients that are not ours, against every dialect: each submits, is told what became of the
 * message, and gets a handset's reply, all by its own reading and writing. What the gateway sends is
 * held against the schema as well.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Mm7Profile } from '../../src/core/code-row.ts'
import { SPOKEN } from '../../src/dialects/spoken.ts'
import { isMm7Dialect } from '../../src/listeners/mm7/door.ts'
import { openCurlVasp, whyNoCurl } from '../support/foreign-curl.ts'
import { openSoapVasp, submitByMtom } from '../support/foreign-soap.ts'
import type { ForeignRelease, ForeignVasp } from '../support/foreign-vasp.ts'
import { schemaComplaints, statusesBeyond } from '../support/mm7-schema.ts'
import { HANDSET, PICTURE, SENDER, startGateway } from '../support/start-gateway.ts'

const VASPID = 'demo-sinch-key'

/** What the dialect speaks when it begins a conversation. */
function releaseOf({ defaultVersion: version }: Mm7Profile): ForeignRelease {
  return { version, tail: version.startsWith('5') ? 'REL-5-MM7-1-0' : 'REL-6-MM7-1-4' }
}

interface Foreign {
  readonly title: string
  readonly skip: string | undefined
  open(release: ForeignRelease): Promise<ForeignVasp>
}

const clients: readonly Foreign[] = [
  { title: 'the package soap', skip: undefined, open: openSoapVasp },
  { title: 'curl and bytes by hand', skip: whyNoCurl(), open: openCurlVasp },
]

for (const { title, skip, open } of clients) {
  describe(title, { skip: skip ?? false }, () => {
    for (const dialect of SPOKEN.filter(isMm7Dialect)) {
      const release = releaseOf(dialect.mm7)
      const path = `/mm7/${dialect.mm7.path}`
      const statuses = statusesBeyond(dialect.mm7, release.tail)

      test(`submits to ${dialect.name}, is told, and gets a reply`, async (t) => {
        const vasp = await open(release)
        t.after(() => vasp.close())
        const world = await startGateway(t, {
          account: { dialect: dialect.name },
          access: { callbackUrl: vasp.url },
        })
        const port = world.ports.http
        const transactionId = `foreign-${dialect.name}`
        const submit = { port, path, vaspId: VASPID, to: HANDSET, transactionId }
        const answer = await vasp.submit(submit)
        assert.equal(answer.code, '1000', answer.envelope)
        assert.equal(answer.transactionId, transactionId)
        assert.deepEqual(schemaComplaints(answer.envelope), [])

        const id = answer.messageId ?? ''
        const { 'handed-to-network': interim, delivered } = dialect.mm7.reports
        for (const face of [interim, delivered]) {
          if (face === undefined) continue
          const { name, mmStatus, id: about } = await vasp.calls.next(face.status)
          assert.deepEqual([name, mmStatus, about], ['DeliveryReportReq', face.status, id])
        }
        await world.settled(id, 'delivered')

        await world.carrier.sendFromHandset(
          HANDSET,
          { raw: SENDER, text: SENDER, kind: 'short-code' },
          [{ contentType: 'image/png', contentId: 'bell.png', bytes: PICTURE }],
        )
        const deliver = await vasp.calls.next('the reply')
        assert.equal(deliver.name, 'DeliverReq')
        assert.ok(deliver.body.includes(Buffer.from(PICTURE)), 'the picture came as it was')
        await world.settled(deliver.id, 'delivered', 'forwarded')
        assert.equal(vasp.calls.left, 0, 'each was understood the first time')
        for (const { envelope } of vasp.calls.all) {
          assert.deepEqual(schemaComplaints(envelope, statuses), [], envelope)
        }
        assert.deepEqual(world.fatal, [])

        const refused = await vasp.submit({ ...submit, vaspId: 'nobody' })
        assert.match(refused.code, /^(2564|4001)$/, refused.envelope)
        assert.match(refused.envelope, /<faultcode>[^<]*:Client<\/faultcode>/)
        assert.deepEqual(schemaComplaints(refused.envelope), [])
      })
    }
  })
}

test('attachments by MTOM, which MM7 has not, are told to be of the wrong kind', async (t) => {
  const world = await startGateway(t)
  const release: ForeignRelease = { version: '6.8.0', tail: 'REL-6-MM7-1-4' }
  const submit = { port: world.ports.http, path: '/mm7/sinch', vaspId: VASPID, to: HANDSET }
  const answer = await submitByMtom(release, { ...submit, transactionId: 'mtom' })
  assert.equal(answer.code, '2515', answer.envelope)
})
