/** `carillon send mms`: speaks real MM7 to a door, as a client's program would. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { advise } from '../../catalog/index.ts'
import { MM7_VERSIONS } from '../../codecs/mm7/versions.ts'
import { readRunFile } from '../../config/run-file.ts'
import { CLIENT_OPTIONS, locate, openAdminClient, problemText } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { DEMO_ACCOUNTS, DEMO_RECIPIENT, DEMO_SENDER, DEMO_VASID } from '../demo.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { followStory } from '../follow.ts'
import { mediaTypeOf } from '../media-type.ts'
import { type MmsWish, type Picture, writeSubmission } from '../mm7-submission.ts'
import { type Posted, post } from '../post.ts'
import { hostPort } from '../ready-box.ts'
import type { Story } from '../story.ts'
import { entryFor, exitCodeFor, readSubmitAnswer, type SubmitAnswer } from '../submit-answer.ts'
import type { Terminal } from '../terminal.ts'
import { hanging } from '../trace-view.ts'

const ANSWER_TIMEOUT_MS = 60_000
const DEMO = DEMO_ACCOUNTS[0]

const OPTIONS = {
  to: { type: 'list', value: 'NUMBER', help: 'recipient; repeatable', required: true },
  image: { type: 'list', value: 'FILE', help: 'picture, sound or film; repeatable, a slide each' },
  text: { type: 'text', value: 'TEXT', help: 'words under the first picture' },
  subject: { type: 'text', value: 'TEXT', help: 'subject line' },
  from: { type: 'text', value: 'SENDER', help: `short code or number (${DEMO_SENDER})` },
  url: { type: 'text', value: 'URL', help: 'the door (the running gateway, else localhost:8080)' },
  dialect: { type: 'text', value: 'NAME', help: 'whose codes it answers with (from the URL)' },
  vaspid: { type: 'text', value: 'KEY', help: 'API key (the demonstration account’s)' },
  vasid: { type: 'text', value: 'ID', help: `service (${DEMO_VASID})` },
  user: { type: 'text', value: 'NAME', help: 'HTTP Basic user, where the account demands one' },
  password: { type: 'text', value: 'WORD', help: 'its password; env:NAME reads a variable' },
  'mm7-version': {
    type: 'text',
    value: 'VERSION',
    choices: MM7_VERSIONS,
    help: 'MM7Version (6.8.0)',
  },
  'transaction-id': { type: 'text', value: 'ID', help: 'the same id twice sends once' },
  'no-report': { type: 'switch', help: 'ask for no delivery report' },
  wait: { type: 'switch', short: 'w', help: 'follow the message until it ends' },
  ...CLIENT_OPTIONS,
} as const

export const sendMmsCommand = defineCommand({
  name: 'send mms',
  summary: 'send a picture message over MM7, as a client would',
  examples: [
    [
      `carillon send mms --image examples/first-mms/photo.jpg --text 'Hello' --to ${DEMO_RECIPIENT}`,
      'to a handset of the sandbox that answers',
    ],
    ["carillon send mms --text 'Hi' --to +99900003001", 'provoke a code: here Sinch 3001'],
    [`carillon send mms --text 'Hi' --to ${DEMO_RECIPIENT} --wait`, 'and see how it ends'],
    [
      'carillon send mms --url https://gw.example/mm7/sinch --vaspid … --vasid … --from 12345 --to …',
      'through another gateway',
    ],
  ],
  options: OPTIONS,
  notes: [
    'With --json: {code, text, details, messageId, transactionId, dialect, url, class, meaning, action, retry}; with --wait the events follow, one a line.',
    'Exit code 0: accepted (with --wait: delivered). 1: refused. 75: not now, later may work. 69: nobody listens.',
  ],
  async run({ values }, terminal) {
    const url = doorOf(values.url, values, terminal)
    const dialect =
      values.dialect ??
      url.pathname
        .split('/')
        .filter((word) => word !== '')
        .at(-1) ??
      ''
    const demo = DEMO_ACCOUNTS.find(({ path }) => path === dialect) ?? DEMO
    const wish: MmsWish = {
      vaspId: values.vaspid ?? demo?.vaspId ?? '',
      vasId: values.vasid ?? DEMO_VASID,
      sender: values.from ?? DEMO_SENDER,
      recipients: values.to,
      subject: values.subject,
      text: values.text,
      pictures: values.image.map(readPicture),
      version: values['mm7-version'] ?? MM7_VERSIONS[0],
      transactionId: values['transaction-id'] ?? randomUUID(),
      deliveryReport: !values['no-report'],
      token: randomBytes(8).toString('hex'),
    }
    const posted = await submit(url, wish, login(values, terminal))
    if (posted.kind === 'unreachable') return tellUnreached(posted.because, dialect, url, terminal)
    const answer = understand(posted, url, wish)
    const code = tell({ answer, dialect, url }, terminal)
    if (!values.wait || code !== EXIT.ok || answer.messageId === undefined) return code
    return waitFor(answer.messageId, values, terminal)
  },
})

interface Places {
  readonly data: string | undefined
  readonly config: string | undefined
}

function doorOf(given: string | undefined, places: Places, terminal: Terminal): URL {
  const text = given ?? `http://${runningDoor(places, terminal)}/mm7/${DEMO?.path ?? ''}`
  try {
    const url = new URL(text)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  } catch {
    // Told below, with the text.
  }
  throw new CommandFailure(EXIT.usage, `--url ${text} is no http(s) URL`)
}

function runningDoor(places: Places, terminal: Terminal): string {
  const { config, data } = locate(places, terminal.env)
  const address = readRunFile(data)?.addresses.http
  return address === undefined ? `localhost:${config.http.port}` : hostPort(address)
}

function readPicture(file: string): Picture {
  try {
    return { name: basename(file), mediaType: mediaTypeOf(file), bytes: readFileSync(file) }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(EXIT.dataError, `cannot read the picture: ${because}`)
  }
}

/** A password on a command line is seen by every user of the machine; a variable is not. */
function login(
  {
    user,
    password = '',
  }: { readonly user: string | undefined; readonly password: string | undefined },
  { env }: Terminal,
): Record<string, string> {
  if (user === undefined) return {}
  const secret = password.startsWith('env:') ? (env[password.slice(4)] ?? '') : password
  const token = Buffer.from(`${user}:${secret}`, 'utf8').toString('base64')
  return { authorization: `Basic ${token}` }
}

function submit(url: URL, wish: MmsWish, headers: Record<string, string>): Promise<Posted> {
  const body = writeSubmission(wish)
  return post({
    url,
    headers: {
      'content-type': body.contentType,
      'content-length': body.contentLength,
      soapaction: '""',
      ...headers,
    },
    pieces: body.pieces,
    timeoutMs: ANSWER_TIMEOUT_MS,
  })
}

type Answered = Extract<SubmitAnswer, { readonly kind: 'answer' }>

function understand(
  posted: Exclude<Posted, { readonly kind: 'unreachable' }>,
  url: URL,
  wish: MmsWish,
): Answered {
  if (posted.kind === 'lost') {
    throw new CommandFailure(
      EXIT.temporary,
      `no answer from ${url.origin}: ${posted.because}. The message may or may not have been taken.`,
      `Repeat the command with --transaction-id ${wish.transactionId}: it will not be sent twice.`,
    )
  }
  const answer = readSubmitAnswer(posted.contentType, posted.body)
  if (answer.kind === 'answer') return answer
  throw new CommandFailure(
    EXIT.dataError,
    `${url} answered HTTP ${posted.status}, and that is no MM7: ${answer.because}`,
    'Is the path right? The doors are /mm7/sinch, /mm7/skycore, /mm7/smsglobal.',
  )
}

/** Code by which clients of some dialects say that they could not connect; no relay sends it. */
const NO_CONNECTION = '0'

function tellUnreached(because: string, dialect: string, url: URL, terminal: Terminal): ExitCode {
  const text = `nobody listens on ${url.origin}: ${because}`
  const entry = entryFor(dialect, NO_CONNECTION)
  if (entry === undefined) {
    const hint = 'Start a gateway with npm start, or name another with --url.'
    throw new CommandFailure(EXIT.unavailable, text, hint)
  }
  const answer = { kind: 'answer', code: entry.code, text: entry.text, details: text } as const
  tell({ answer, dialect, url }, terminal)
  return EXIT.unavailable
}

interface Told {
  readonly answer: Answered
  readonly dialect: string
  readonly url: URL
}

function tell({ answer, dialect, url }: Told, terminal: Terminal): ExitCode {
  const { kind: _kind, ...facts } = answer
  const entry = entryFor(dialect, answer.code)
  const code = exitCodeFor(answer.code, entry)
  if (terminal.json) {
    const { meaning, action, class: klass, retry } = entry ?? {}
    terminal.printJson({ ...facts, dialect, url: url.href, class: klass, meaning, action, retry })
    return code
  }
  const { paint, print } = terminal
  const good = code === EXIT.ok
  print(
    `${paint(good ? 'green' : 'red', good ? '✔' : '✖')} ${paint('bold', `${answer.code} ${answer.text}`)}`,
  )
  const rows: (readonly [string, string | undefined])[] = [
    ['Message', answer.messageId],
    ['Details', answer.details],
    ['Means', entry?.meaning],
    ['Do', good || entry === undefined ? undefined : advise(entry).action],
    [
      'Next',
      good && answer.messageId !== undefined ? `npx carillon trace ${answer.messageId}` : undefined,
    ],
    ['More', good ? undefined : `npx carillon codes explain ${dialect} ${answer.code}`],
  ]
  for (const [label, text] of rows) {
    if (text === undefined) continue
    for (const line of hanging(label, text, terminal)) print(line)
  }
  return code
}

async function waitFor(id: string, places: Places, terminal: Terminal): Promise<ExitCode> {
  const client = openAdminClient(places, terminal.env)
  const { status, body } = await client.ask('GET', `/admin/messages/${encodeURIComponent(id)}`)
  if (status !== 200) throw new CommandFailure(EXIT.unavailable, problemText({ status, body }))
  if (!terminal.json) terminal.print('')
  return followStory(client, body as Story, terminal, undefined)
}
