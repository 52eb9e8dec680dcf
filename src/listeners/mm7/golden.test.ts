/**
 * What each dialect says, byte for byte: one file for each release and message, beside the dialect.
 * `GOLDEN=write` writes them anew, so that a change shows as a diff to be reviewed.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { envelopeIn } from '../../../test/support/foreign-vasp.ts'
import { goodCase } from '../../../test/support/mm7-defects.ts'
import { schemaComplaints, statusesBeyond } from '../../../test/support/mm7-schema.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { writeMm7Body } from '../../codecs/mm7/multipart-writer.ts'
import { NAMESPACE_BASE } from '../../codecs/mm7/versions.ts'
import { attemptOf, partOf } from '../../connectors/mm7/testing/attempt.ts'
import { type Account, indexDirectory } from '../../core/directory.ts'
import { SPOKEN } from '../../dialects/spoken.ts'
import type { Notice } from '../../engine/ports/report-sender.ts'
import { mm4Carrier } from '../../simulator/carriers.ts'
import { type CallbackClient, openCallbackClient } from './callback.ts'
import { createClientConnector } from './deliver.ts'
import { isMm7Dialect, type Mm7Dialect } from './door.ts'
import { createMm7Reports } from './report.ts'
import {
  type Answer,
  DEFAULT_STYLE,
  type Done,
  type Echo,
  refusalAnswer,
  successAnswer,
} from './respond.ts'

/** Compiled tests run from another tree, the golden files do not. */
const home = new URL('../../../../src/dialects/', import.meta.url)
const rewrite = process.env.GOLDEN === 'write'

const RELEASES = {
  'release-5': { version: '5.3.0', tail: 'REL-5-MM7-1-0' },
  'release-6': { version: '6.8.0', tail: 'REL-6-MM7-1-4' },
} as const

const MESSAGE_ID = '369500617770864640'
const MOMENT_MS = Date.UTC(2026, 2, 1, 8, 0, 9)
const CARRIER = 'a-carrier'
const never = new AbortController().signal

let server: ReturnType<typeof createServer>
let callbacks: CallbackClient
let url: string
let seen: Buffer = Buffer.alloc(0)

before(async () => {
  callbacks = openCallbackClient(1)
  server = createServer((request, response) => {
    void wholeOf(request).then((whole) => {
      seen = whole
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vasp`
})
after(async () => {
  await callbacks.close(100)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
})

/** A request as it stood on the wire, but for the port. */
async function wholeOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  const { rawHeaders } = request
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const value = name.toLowerCase() === 'host' ? 'vasp.example' : rawHeaders[at + 1]
    lines.push(`${name}: ${value}`)
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), ...chunks])
}

function printed({ status, headers, body }: Answer): Buffer {
  const lines = [
    `HTTP/1.1 ${status}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function accountOf({ name, mm7 }: Mm7Dialect): Account {
  const { account } = goodCase(name, mm7.path, 'golden')
  const { mm7: access } = account
  if (access === undefined) return account
  return { ...account, mm7: { ...access, callbackUrl: url, verboseReports: true } }
}

function directoryOf(dialect: Mm7Dialect) {
  const carrier = { ...mm4Carrier({ host: '127.0.0.1', port: 1 }), name: CARRIER }
  return indexDirectory({
    accounts: [accountOf(dialect)],
    numbers: [],
    carriers: [carrier],
    routes: [],
    blocks: [],
  })
}

function reported(dialect: Mm7Dialect, version: string, more: Partial<Notice>): Promise<Buffer> {
  const { envelope, recipient } = attemptOf()
  const directory = directoryOf(dialect)
  const reports = createMm7Reports(new Map([[dialect.name, dialect]]), () => directory, callbacks)
  const notice: Notice = {
    id: '369500617770864640-0-2',
    messageId: MESSAGE_ID,
    index: 0,
    accountId: 'golden',
    dialect: dialect.name,
    recipient,
    route: CARRIER,
    envelope: { ...envelope, clientVersion: version },
    result: 'delivered',
    happenedAt: MOMENT_MS,
    ...more,
  }
  return reports.send(notice, 1, never).then(() => seen)
}

async function delivered(dialect: Mm7Dialect): Promise<Buffer> {
  const directory = directoryOf(dialect)
  const connector = createClientConnector(
    accountOf(dialect),
    dialect,
    () => directory,
    callbacks,
    () => 0.5,
  )
  const { envelope } = attemptOf()
  const words = partOf('text/plain', Buffer.from('Fünf Glocken'), {
    contentType: 'text/plain; charset=utf-8',
    contentId: 'words.txt',
  })
  const picture = partOf('image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]), {
    contentId: 'bell.png',
    contentLocation: 'bell.png',
  })
  const change = {
    recipient: { kind: 'short-code', text: '12345' },
    envelope: {
      ...envelope,
      sender: { kind: 'number', text: '15550100123' },
      subject: 'Fünf & eine',
      carrier: CARRIER,
    },
  } as const
  await connector?.deliver(attemptOf([words, picture], change), never)
  return seen
}

/** What a client of this dialect writes; `bells` and its `tower` as in the awkward requests. */
function submitted({ mm7 }: Mm7Dialect, mm7Version: string, namespace: string): Promise<Buffer> {
  const envelope = encodeMm7({
    transactionId: 't-golden',
    namespace,
    operation: {
      name: 'SubmitReq',
      mm7Version,
      senderIdentification: {
        vaspId: 'bells',
        vasId: 'tower',
        senderAddress: { kind: 'ShortCode', value: '40404' },
      },
      recipients: [{ list: 'To', address: { kind: 'Number', value: '15005550006' } }],
      timeStampMs: MOMENT_MS,
      deliveryReport: true,
      priority: 'High',
      subject: 'Fünf & eine',
      content: { href: 'cid:message', allowAdaptations: true },
    },
  })
  const parts = [
    { contentType: 'application/smil', contentId: 'smil', body: [Buffer.from('<smil/>')] },
    { contentType: 'text/plain; charset=utf-8', contentId: 'words', body: [Buffer.from('Fünf')] },
  ]
  const { contentType, contentLength, pieces } = writeMm7Body({
    envelope,
    parts,
    contentId: 'message',
    token: 'golden',
  })
  const lines = [
    `POST /mm7/${mm7.path} HTTP/1.1`,
    'Host: relay.example',
    `Content-Type: ${contentType}`,
    `Content-Length: ${contentLength}`,
    'SOAPAction: ""',
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return Promise.resolve(Buffer.concat([head, ...pieces]))
}

const SUBMITTED: Done = { name: 'SubmitRsp', messageId: MESSAGE_ID, left: [] }

/** By file name, all that is written for one dialect in one release. */
function messagesOf(dialect: Mm7Dialect, release: keyof typeof RELEASES) {
  const { version, tail } = RELEASES[release]
  const namespace = NAMESPACE_BASE + tail
  const echo: Echo = { transactionId: 't-golden', mm7Version: version, namespace }
  const no = (...given: readonly [reason: 'vaspid-unknown' | 'overloaded', at?: string]) =>
    Promise.resolve(printed(refusalAnswer(dialect, echo, DEFAULT_STYLE, ...given)))
  const yes = (done: Done) =>
    Promise.resolve(printed(successAnswer(dialect, echo, DEFAULT_STYLE, done)))
  return {
    'submit-req': () => submitted(dialect, version, namespace),
    'submit-rsp': () => yes(SUBMITTED),
    'fault-client': () => no('vaspid-unknown'),
    'fault-server': () => no('overloaded'),
    ...(dialect.mm7.reports['handed-to-network'] === undefined
      ? {}
      : {
          'report-interim': () => reported(dialect, version, { result: 'handed-to-network' }),
        }),
    ...(dialect.mm7.elements.readReply === 'kept'
      ? { 'read-reply-req': () => reported(dialect, version, { result: 'read' }) }
      : {}),
    ...(dialect.mm7.operations.includes('CancelReq')
      ? { 'cancel-rsp': () => yes({ ...SUBMITTED, name: 'CancelRsp' }) }
      : {}),
    ...(dialect.mm7.operations.includes('ReplaceReq')
      ? { 'replace-rsp': () => yes({ ...SUBMITTED, name: 'ReplaceRsp' }) }
      : {}),
    // The extended forms came with Release 6.
    ...(release === 'release-6' && dialect.mm7.operations.includes('extendedReplaceReq')
      ? {
          'extended-cancel-rsp': () => yes({ ...SUBMITTED, name: 'extendedCancelRsp' }),
          'extended-replace-rsp': () => yes({ ...SUBMITTED, name: 'extendedReplaceRsp' }),
        }
      : {}),
    'report-delivered': () => reported(dialect, version, {}),
    'report-rejected': () =>
      reported(dialect, version, { result: 'rejected', reason: 'content-refused' }),
    ...(dialect.mm7.defaultVersion === version ? { 'deliver-req': () => delivered(dialect) } : {}),
  }
}

const NOTHING: Echo = { transactionId: undefined, mm7Version: undefined, namespace: undefined }

for (const dialect of SPOKEN.filter(isMm7Dialect)) {
  const folder = new URL(`${dialect.name}/golden/`, home)
  if (rewrite) mkdirSync(folder, { recursive: true })
  const files = new Map<string, () => Promise<Buffer>>([
    [
      'fault-unread.http',
      () =>
        Promise.resolve(
          printed(refusalAnswer(dialect, NOTHING, DEFAULT_STYLE, 'request-unreadable')),
        ),
    ],
  ])
  for (const release of Object.keys(RELEASES) as (keyof typeof RELEASES)[]) {
    for (const [name, write] of Object.entries(messagesOf(dialect, release))) {
      files.set(`${release}-${name}.http`, write)
    }
  }

  for (const [file, write] of files) {
    test(`${dialect.name} says ${file} byte for byte, and as the schema has it`, async () => {
      const at = new URL(file, folder)
      const got = await write()
      if (rewrite) writeFileSync(at, got)
      assert.equal(got.toString('latin1'), readFileSync(at, 'latin1'))
      const split = got.indexOf('\r\n\r\n')
      const type = /^content-type: (.*)$/im.exec(got.toString('latin1', 0, split))?.[1]
      const envelope = envelopeIn(type, got.subarray(split + 4))
      const statuses = Object.values(RELEASES).flatMap(({ tail }) =>
        envelope.includes(tail) ? statusesBeyond(dialect.mm7, tail) : [],
      )
      assert.deepEqual(schemaComplaints(envelope, statuses), [], envelope)
    })
  }

  test(`no file of ${dialect.name} is without a message`, () => {
    assert.ok(existsSync(folder))
    assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort())
  })
}
