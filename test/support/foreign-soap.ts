/**
 * The npm package `soap` as an MM7 client, from a WSDL of ours: it writes and reads every envelope,
 * as a client and as a server. Its own attachments are MTOM (`application/xop+xml`), which MM7 has
 * not, so the multipart round its envelope is written here.
 */
import type { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClientAsync, HttpClient, listen, type Server } from 'soap'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import {
  FOREIGN_SMIL,
  type ForeignAnswer,
  type ForeignRelease,
  type ForeignSubmit,
  type ForeignVasp,
  openForeignServer,
} from './foreign-vasp.ts'
import { mm7Schema } from './mm7-schema.ts'

const template = new URL('../../../test/schemas/mm7.wsdl', import.meta.url)
const RELAY = 'http://127.0.0.1/relay'

function wsdlFor({ tail }: ForeignRelease): string {
  return readFileSync(template, 'utf8')
    .replace('<!-- schema -->', mm7Schema(tail).replace(/^<\?xml.*?\?>/, ''))
    .replaceAll('NAMESPACE', NAMESPACE_BASE + tail)
    .replace('RELAY', RELAY)
}

const BOUNDARY = 'soap-with-attachments'

/** Its HTTP client, with the body MM7 wants. */
class RelatedHttpClient extends HttpClient {
  override buildRequest(
    url: string,
    envelope: unknown,
    headers?: Record<string, unknown>,
  ): { headers: Record<string, unknown>; data: unknown } {
    const request = super.buildRequest(url, envelope, headers)
    const data = Buffer.from(
      [
        `--${BOUNDARY}`,
        'Content-Type: text/xml; charset=utf-8',
        'Content-ID: <envelope>',
        '',
        String(envelope),
        `--${BOUNDARY}`,
        'Content-Type: application/smil',
        'Content-ID: <content>',
        '',
        FOREIGN_SMIL,
        `--${BOUNDARY}--`,
        '',
      ].join('\r\n'),
    )
    const type = `multipart/related; type="text/xml"; start="<envelope>"; boundary="${BOUNDARY}"`
    const own = { 'Content-Type': type, 'Content-Length': data.length }
    return { ...request, data, headers: { ...request.headers, ...own } }
  }
}

/** Its reading of an element that may carry attributes. */
function textOf(read: unknown): string {
  const value = typeof read === 'object' && read !== null && '$value' in read ? read.$value : read
  return String(value)
}

interface ReadStatus {
  readonly Status?: { readonly StatusCode?: unknown }
  readonly MessageID?: unknown
}

/** What it throws for a Fault. */
interface ReadFault {
  readonly body?: string
  readonly root?: { readonly Envelope?: { readonly Header?: unknown; readonly Body?: FaultBody } }
}

interface FaultBody {
  readonly Fault?: { readonly detail?: { readonly RSErrorRsp?: ReadStatus } }
}

export async function openSoapVasp(release: ForeignRelease): Promise<ForeignVasp> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-wsdl-'))
  const path = join(folder, 'mm7.wsdl')
  writeFileSync(path, wsdlFor(release))
  const service = await openService(release)
  const server = await openForeignServer(async (envelope, body) => {
    let seen: { name: string; args: Record<string, unknown> } | undefined
    ;(service as EventEmitter).once('called', (name: string, args: Record<string, unknown>) => {
      seen = { name, args }
    })
    const headers = { soapaction: '""' }
    const { body: answer } = await service.processRequest(envelope, { url: '/', headers })
    const args = seen?.args ?? {}
    const call = {
      name: `${seen?.name}Req`,
      mmStatus: args.MMStatus === undefined ? undefined : textOf(args.MMStatus),
      id: textOf(args.MessageID ?? args.LinkedID),
      envelope,
      body,
    }
    return { call, answer }
  })

  return {
    url: server.url,
    calls: server.calls,
    async submit(submit) {
      const client = await createClientAsync(path, { httpClient: new RelatedHttpClient() })
      return submitWith(client, release, submit)
    },
    async close() {
      rmSync(folder, { recursive: true, force: true })
      await server.close()
    },
  }
}

async function submitWith(
  client: Client,
  { version, tail }: ForeignRelease,
  { port, path, vaspId, to, transactionId }: ForeignSubmit,
  options: object = {},
): Promise<ForeignAnswer> {
  client.setEndpoint(`http://127.0.0.1:${port}${path}`)
  client.addSoapHeader({ TransactionID: transactionId }, '', 'm', NAMESPACE_BASE + tail)
  const request = {
    MM7Version: version,
    SenderIdentification: {
      VASPID: vaspId,
      VASID: 'demo',
      SenderAddress: { ShortCode: '12345' },
    },
    Recipients: { To: [{ Number: to }] },
    DeliveryReport: true,
    Subject: 'Fish & chips',
    Content: { attributes: { href: 'cid:content' } },
  }
  const submit = client.SubmitAsync as (
    request: object,
    options: object,
  ) => Promise<[ReadStatus, string, { readonly TransactionID?: unknown }]>
  try {
    const [answer, envelope, header] = await submit(request, options)
    return {
      code: textOf(answer.Status?.StatusCode),
      messageId: textOf(answer.MessageID),
      transactionId: textOf(header.TransactionID),
      envelope,
    }
  } catch (error) {
    const { root, body = String(error) } = error as ReadFault
    const status = root?.Envelope?.Body?.Fault?.detail?.RSErrorRsp?.Status
    const code = textOf(status?.StatusCode)
    return { code, messageId: undefined, transactionId: undefined, envelope: body }
  }
}

/** The package's own attachments, on the wire as it writes them. */
export async function submitByMtom(
  release: ForeignRelease,
  submit: ForeignSubmit,
): Promise<ForeignAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-wsdl-'))
  const path = join(folder, 'mm7.wsdl')
  writeFileSync(path, wsdlFor(release))
  try {
    const client = await createClientAsync(path)
    const mimetype = 'application/smil'
    const attachment = { mimetype, contentId: 'content', name: 'a.smil', body: FOREIGN_SMIL }
    return await submitWith(client, release, submit, { attachments: [attachment] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Its server side: `called` is emitted with the operation and what it read. */
async function openService(release: ForeignRelease): Promise<Server> {
  const answering = (name: string) => (args: Record<string, unknown>) => {
    ;(service as EventEmitter).emit('called', name, args)
    return {
      MM7Version: args.MM7Version,
      Status: { StatusCode: 1000, StatusText: 'Success' },
    }
  }
  let ready: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    ready = resolve
  })
  // Never listens: what it has to say is asked for without HTTP.
  const service = listen(createServer(), {
    path: '/vasp',
    xml: wsdlFor(release),
    services: {
      ApplicationService: {
        ApplicationPort: { Deliver: answering('Deliver'), Report: answering('DeliveryReport') },
      },
    },
    callback: () => ready(),
  })
  const header = (_name: string, _args: unknown, read: { readonly TransactionID?: unknown }) => ({
    TransactionID: textOf(read.TransactionID),
  })
  service.addSoapHeader(header, '', 'm', NAMESPACE_BASE + release.tail)
  await opened
  return service
}
