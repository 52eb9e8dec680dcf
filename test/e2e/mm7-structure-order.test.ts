/**
 * What lies under the checks is judged in an order too, layer by layer: HTTP, MIME, XML, SOAP. Of two
 * neighbouring layers that are both broken the lower one is told.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Reason } from '../../src/core/reason.ts'
import { faceOf } from '../../src/dialects/face.ts'
import { sinchDoor } from '../../src/dialects/sinch/door.ts'
import { skycoreDoor } from '../../src/dialects/skycore/door.ts'
import { smsglobalDoor } from '../../src/dialects/smsglobal/door.ts'
import { exchange, type Mm7Draft, ordinaryOperation, writeRequest } from '../support/mm7-client.ts'
import { openDoorAlone } from '../support/mm7-door.ts'
import { schemaComplaints } from '../support/mm7-schema.ts'

interface Layer {
  readonly what: string
  readonly reason: Reason
  readonly breaks: (draft: Mm7Draft) => Mm7Draft
}

const headers =
  (more: Record<string, string>) =>
  (draft: Mm7Draft): Mm7Draft => ({ ...draft, headers: { ...draft.headers, ...more } })

function changed(text: string, from: string | RegExp, into: string): string {
  const after = text.replace(from, into)
  assert.notEqual(after, text, `the request holds ${from}`)
  return after
}

const envelope =
  (from: string | RegExp, into: string) =>
  (draft: Mm7Draft): Mm7Draft => ({
    ...draft,
    envelope: (xml) => changed(draft.envelope?.(xml) ?? xml, from, into),
  })

const body =
  (change: (text: string) => string) =>
  (draft: Mm7Draft): Mm7Draft => ({
    ...draft,
    body: (bytes) =>
      Buffer.from(change((draft.body?.(bytes) ?? bytes).toString('latin1')), 'latin1'),
  })

/** From the line up. Each is a defect alone, and of two neighbours the first is told. */
const layers: readonly Layer[] = [
  {
    what: 'a method that is not POST',
    reason: 'protocol-refused',
    breaks: (draft) => ({ ...draft, method: 'PUT' }),
  },
  {
    what: 'a Content-Type of nobody',
    reason: 'http-headers-invalid',
    breaks: headers({ 'Content-Type': 'application/json' }),
  },
  {
    what: 'a length beyond the limit',
    reason: 'request-too-large',
    breaks: headers({ 'Content-Length': '99999999' }),
  },
  {
    what: 'no closing boundary',
    reason: 'request-unreadable',
    breaks: body((text) => text.slice(0, -30)),
  },
  {
    what: 'an envelope labelled text/plain',
    reason: 'root-part-type-invalid',
    breaks: body((text) => changed(text, 'Content-Type: text/xml', 'Content-Type: text/plain')),
  },
  {
    what: 'XML that does not end',
    reason: 'request-unreadable',
    breaks: envelope(/<\/[^>]*Envelope>/, ''),
  },
  {
    what: 'another SOAP',
    reason: 'namespace-unsupported',
    breaks: envelope('schemas.xmlsoap.org/soap/envelope/', 'www.w3.org/2003/05/soap-envelope'),
  },
  {
    what: 'no TransactionID',
    reason: 'soap-header-invalid',
    breaks: envelope(/<TransactionID.*<\/TransactionID>/, ''),
  },
  {
    what: 'an operation of no specification',
    reason: 'soap-body-invalid',
    breaks: envelope(/(SubmitReq|CancelReq)/g, 'SendPlease'),
  },
  {
    what: 'an operation in a namespace of nobody',
    reason: 'namespace-unsupported',
    breaks: (draft) => ({ ...draft, namespace: 'urn:nobody' }),
  },
  {
    what: 'a CancelReq',
    reason: 'operation-unsupported',
    breaks: envelope(/SubmitReq/g, 'CancelReq'),
  },
  {
    what: 'a version of nobody',
    reason: 'version-unsupported',
    breaks: (draft) => ({ ...draft, operation: { ...draft.operation, mm7Version: '9.9.9' } }),
  },
]

// The third dialect says one code for nearly all of them, which would show nothing.
for (const dialect of [sinchDoor, skycoreDoor]) {
  describe(`the layers under the checks of ${dialect.name}`, () => {
    let door: Awaited<ReturnType<typeof openDoorAlone>>
    before(async () => {
      door = await openDoorAlone()
    })
    after(() => door.close())

    const good: Mm7Draft = {
      path: `/mm7/${dialect.mm7?.path}`,
      operation: {
        ...ordinaryOperation('15550100199', `demo-${dialect.name}-key`),
      },
    }

    async function codeOf(draft: Mm7Draft): Promise<string> {
      const answer = await exchange(door.port, writeRequest(draft))
      assert.deepEqual(schemaComplaints(answer.body), [], answer.body)
      return `${answer.code} ${answer.text}`
    }

    const words = ({ reason }: Layer) => {
      const row = faceOf(dialect, reason)
      return `${row.code} ${row.text}`
    }

    for (const [index, layer] of layers.entries()) {
      test(`${layer.what} alone is told`, async () => {
        assert.equal(await codeOf(layer.breaks(good)), words(layer))
      })
      const under = layers[index - 1]
      if (under === undefined) continue
      test(`${under.what} comes before ${layer.what}`, async () => {
        assert.equal(await codeOf(under.breaks(layer.breaks(good))), words(under))
      })
    }
  })
}

describe('bytes that never become a request are answered in the dialect of their path', () => {
  let door: Awaited<ReturnType<typeof openDoorAlone>>
  before(async () => {
    door = await openDoorAlone()
  })
  after(() => door.close())

  const head = (path: string, lines: string) =>
    Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n${lines}\r\n\r\nx`)

  for (const [what, lines, reason] of [
    ['a length in words', 'Content-Length: ten', 'http-headers-invalid'],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 1', 'http-headers-invalid'],
    ['a blank in the name of a header', 'Con tent: 1', 'protocol-refused'],
  ] as const) {
    for (const dialect of [sinchDoor, skycoreDoor, smsglobalDoor]) {
      test(`${what} at the door of ${dialect.name}`, async () => {
        const path = `/mm7/${dialect.mm7?.path}/?account=1`
        const answer = await exchange(door.port, head(path, lines))
        const row = faceOf(dialect, reason)
        assert.equal(`${answer.code} ${answer.text}`, `${row.code} ${row.text}`)
        assert.match(answer.headers, /^HTTP\/1\.1 400 /)
      })
    }
  }
})
