/**
 * An MM7 client of the `curl` program and bytes written by hand: a multipart no library wrote, and
 * answers printed into a string, read with regular expressions as a shell script would.
 */
import { spawn, spawnSync } from 'node:child_process'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import {
  FOREIGN_SMIL,
  type ForeignRelease,
  type ForeignSubmit,
  type ForeignVasp,
  openForeignServer,
} from './foreign-vasp.ts'

/** Why there is no curl to test with; `undefined` where there is one, and where there must be. */
export function whyNoCurl(): string | undefined {
  const found = spawnSync('curl', ['--version']).error === undefined
  if (found || process.env.CI !== undefined) return undefined
  return 'the program curl is not installed, and one of the two foreign MM7 clients is made of it'
}

/** One text of the element, whatever prefix it has. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1]
}

/** A one-pixel GIF. */
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

function handWritten({ version, tail }: ForeignRelease, submit: ForeignSubmit): string {
  const { transactionId, vaspId, to } = submit
  const envelope = `<?xml version='1.0'?>
<env:Envelope xmlns:env='http://schemas.xmlsoap.org/soap/envelope/'>
  <env:Header>
    <mm7:TransactionID xmlns:mm7='${NAMESPACE_BASE}${tail}' env:mustUnderstand='1'>
      ${transactionId}
    </mm7:TransactionID>
  </env:Header>
  <env:Body>
    <!-- by hand -->
    <mm7:SubmitReq xmlns:mm7='${NAMESPACE_BASE}${tail}'>
      <mm7:MM7Version>${version}</mm7:MM7Version>
      <mm7:SenderIdentification>
        <mm7:VASPID><![CDATA[${vaspId}]]></mm7:VASPID>
        <mm7:VASID>demo</mm7:VASID>
        <mm7:SenderAddress><mm7:Number>12345</mm7:Number></mm7:SenderAddress>
      </mm7:SenderIdentification>
      <mm7:Recipients><mm7:To><mm7:Number>+${to}</mm7:Number></mm7:To></mm7:Recipients>
      <mm7:DeliveryReport>true</mm7:DeliveryReport>
      <mm7:Subject>F&#252;nf Glocken</mm7:Subject>
      <mm7:Content href='cid:the-message'/>
    </mm7:SubmitReq>
  </env:Body>
</env:Envelope>`
  return `--by hand
Content-Type: text/xml
Content-ID: <soap-start>

${envelope}
--by hand
Content-ID: <the-message>
Content-Type: multipart/related; type="application/smil"; start="<s>"; boundary="inside"

--inside
Content-Type: application/smil
Content-ID: <s>

${FOREIGN_SMIL}
--inside
Content-Type: image/gif
Content-Transfer-Encoding: base64
Content-ID: <bell.png>

${GIF}
--inside
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable
Content-ID: <words.txt>

F=C3=BCnf Glocken
--inside--
--by hand--
`.replaceAll('\n', '\r\n')
}

/** Runs curl with this on its standard input. Resolves with what it printed. */
function curl(args: readonly string[], input: string): Promise<string> {
  const child = spawn('curl', ['--silent', '--show-error', '--max-time', '20', ...args])
  const printed: Buffer[] = []
  const complaints: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(printed).toString('utf8'))
      else reject(new Error(`curl ended with ${code}: ${Buffer.concat(complaints)}`))
    })
  })
}

const CONTENT_TYPE = 'multipart/related; boundary="by hand"; type=text/xml; start="<soap-start>"'

export async function openCurlVasp(release: ForeignRelease): Promise<ForeignVasp> {
  const server = await openForeignServer(async (envelope, body) => {
    const name = /:Body>\s*<(\w+)Req/.exec(envelope)?.[1] ?? ''
    const call = {
      name: `${name}Req`,
      mmStatus: element(envelope, 'MMStatus'),
      id: element(envelope, 'MessageID') ?? element(envelope, 'LinkedID') ?? '',
      envelope,
      body,
    }
    const namespace = NAMESPACE_BASE + release.tail
    const answer = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><TransactionID
 xmlns="${namespace}">${element(envelope, 'TransactionID')}</TransactionID></e:Header><e:Body><${name}Rsp
 xmlns="${namespace}"><MM7Version>${release.version}</MM7Version><Status><StatusText>ok</StatusText>
<StatusCode>1000</StatusCode></Status></${name}Rsp></e:Body></e:Envelope>`
    return { call, answer }
  })
  return {
    url: server.url,
    calls: server.calls,
    close: server.close,
    async submit(submit) {
      const headers = [`Content-Type: ${CONTENT_TYPE}`, 'SOAPAction: ""', 'Expect: 100-continue']
      const envelope = await curl(
        [
          ...headers.flatMap((header) => ['--header', header]),
          '--data-binary',
          '@-',
          `http://127.0.0.1:${submit.port}${submit.path}`,
        ],
        handWritten(release, submit),
      )
      return {
        code: element(envelope, 'StatusCode') ?? '',
        messageId: element(envelope, 'MessageID'),
        transactionId: element(envelope, 'TransactionID'),
        envelope,
      }
    },
  }
}
