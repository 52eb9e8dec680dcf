/** What `start` shows when the gateway is ready: where it listens and what to type next. */

import type { BoundAddress, Gateway } from '../gateway.ts'
import {
  DEMO_ACCOUNTS,
  DEMO_CALLBACK_PORT,
  DEMO_ESME,
  DEMO_RECIPIENT,
  DEMO_SENDER,
  DEMO_VASID,
  SUBMIT_CONTENT_TYPE,
} from './demo.ts'
import { columns, type Paint } from './terminal.ts'

export interface ReadyFacts {
  readonly version: string
  readonly sandbox: boolean
  readonly addresses: Gateway['addresses']
  /** The data folder as the operator wrote it. */
  readonly data: string
  /** The folder `examples/first-mms` as seen from here. */
  readonly examples: string
  readonly startedInMs: number
}

/** `localhost` reads better than its number and means the same. */
export function hostPort({ host, port }: BoundAddress): string {
  const name = host === '127.0.0.1' || host === '::1' ? 'localhost' : host
  return `${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** The lines of the box. */
export function readyBox(facts: ReadyFacts, paint: Paint): readonly string[] {
  const kind = facts.sandbox
    ? paint('green', 'sandbox: carriers are simulated, nothing leaves this machine')
    : paint('yellow', 'live: carriers are the ones you configured')
  const took = paint('dim', `ready in ${(facts.startedInMs / 1000).toFixed(2)} s`)
  const lines = ['', `${paint('bold', `carillon ${facts.version}`)}  ${kind}  ${took}`, '']
  lines.push(...columns(doorRows(facts)), '')
  if (facts.sandbox) lines.push(...firstSteps(facts, paint))
  lines.push(
    `${paint('dim', 'Ctrl-C stops: what was accepted is kept and goes on at the next start.')}`,
  )
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}

function doorRows({ addresses, sandbox, data }: ReadyFacts): readonly (readonly string[])[] {
  const { http, smtp, smpp, admin, carrier } = addresses
  const rows: string[][] = []
  if (http !== undefined && sandbox) {
    for (const [i, { path, vaspId }] of DEMO_ACCOUNTS.entries()) {
      const url = `http://${hostPort(http)}/mm7/${path}`
      rows.push([i === 0 ? 'MM7' : '', url, `VASPID ${vaspId}`])
    }
    rows.push(['', '', `VASID ${DEMO_VASID}, sender ${DEMO_SENDER}, no password`])
  } else if (http !== undefined) rows.push(['MM7', `http://${hostPort(http)}/mm7/<dialect>`])
  const carrierWords = carrier === undefined ? '' : `simulated carrier on ${hostPort(carrier)}`
  if (smtp !== undefined) rows.push(['MM4', `smtp://${hostPort(smtp)}`, carrierWords])
  if (smpp !== undefined) {
    const { systemId, password, sender } = DEMO_ESME
    const words = `system_id ${systemId}, password ${password}, sender ${sender}`
    rows.push(['SMPP', `smpp://${hostPort(smpp)}`, sandbox ? words : ''])
  }
  if (admin !== undefined) {
    rows.push(['Admin', `http://${hostPort(admin)}`, `token in ${data}/admin.token`])
  }
  rows.push(['Data', data])
  return rows
}

function firstSteps(facts: ReadyFacts, paint: Paint): readonly string[] {
  const { addresses, examples } = facts
  const door = addresses.http === undefined ? 'localhost:8080' : hostPort(addresses.http)
  const usual = facts.data === '.carillon' ? '' : ` --data ${shellWord(facts.data)}`
  const photo = shellWord(`${examples}/photo.jpg`)
  const steps: readonly (readonly [string, string])[] = [
    [
      `npx carillon listen`,
      `play the client: reports and answers arrive on port ${DEMO_CALLBACK_PORT}`,
    ],
    [
      `npx carillon send mms --image ${photo} --text 'Hello' --to ${DEMO_RECIPIENT}${usual}`,
      'send a picture; this handset answers',
    ],
    [
      `npx carillon send sms --text 'Hello' --to ${DEMO_RECIPIENT} --wait${usual}`,
      'a text message over SMPP, and its receipt',
    ],
    [
      `curl -s http://${door}/mm7/sinch -H 'Content-Type: ${SUBMIT_CONTENT_TYPE}' --data-binary @${shellWord(`${examples}/submit.mime`)}`,
      'the same, as raw MM7',
    ],
    [`npx carillon trace latest${usual}`, 'where it went, when and why'],
    ['npx carillon codes explain sinch 3001', 'what a code means and what to do'],
  ]
  const lines = [paint('bold', 'In a second terminal:'), '']
  for (const [typed, what] of steps) {
    lines.push(`  ${paint('dim', `# ${what}`)}`, `  ${paint('cyan', typed)}`, '')
  }
  return lines
}

/** Quotes a path for a shell where it must be. */
function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
