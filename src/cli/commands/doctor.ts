/** `carillon doctor`: what could go wrong here, before it does. */
import { readRunFile } from '../../config/run-file.ts'
import { CLIENT_OPTIONS, locate, openAdminClient } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import {
  checkDisk,
  checkDriver,
  checkFolder,
  checkNode,
  checkPort,
  type Finding,
} from '../health-checks.ts'
import { columns, type Style, type Terminal } from '../terminal.ts'

const SIGNS = {
  good: ['✔', 'green'],
  poor: ['!', 'yellow'],
  bad: ['✖', 'red'],
} as const satisfies Record<Finding['state'], readonly [string, Style]>

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'look at the machine and the data folder for what could go wrong',
  examples: [
    ['carillon doctor', 'before the first start, and when something is odd'],
    ['carillon doctor --data /var/lib/carillon --json', 'in a deployment; exit code 1 when bad'],
  ],
  options: CLIENT_OPTIONS,
  notes: ['With --json: a line for each check, {name, state: good|poor|bad, what, advice}.'],
  async run({ values }, terminal) {
    const { config, data } = locate(values, terminal.env)
    const findings: Finding[] = [checkNode(process.versions.node), checkDriver()]
    findings.push(...checkFolder(data), checkDisk(config))
    const running = readRunFile(data)
    if (running === undefined) {
      findings.push({ name: 'gateway', state: 'good', what: `none runs on ${data}` })
      for (const door of ['http', 'smtp', 'smpp', 'admin'] as const) {
        const { host, port } = config[door]
        if (port !== 0) findings.push(await checkPort(door, host, port))
      }
    } else findings.push(await checkGateway(values, terminal, running.pid))
    show(findings, terminal)
    return findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.ok
  },
})

async function checkGateway(
  wishes: { readonly data: string | undefined; readonly config: string | undefined },
  terminal: Terminal,
  pid: number,
): Promise<Finding> {
  try {
    const { body } = await openAdminClient(wishes, terminal.env).ask('GET', '/admin/status')
    const { ready, version } = body as { readonly ready: boolean; readonly version: string }
    const what = `${version} runs as process ${pid}, ${ready ? 'ready' : 'not taking messages'}`
    if (ready) return { name: 'gateway', state: 'good', what }
    return {
      name: 'gateway',
      state: 'poor',
      what,
      advice: 'See /readyz?verbose of its admin door.',
    }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { name: 'gateway', state: 'bad', what: `process ${pid} runs, but ${because}` }
  }
}

function show(findings: readonly Finding[], terminal: Terminal): void {
  if (terminal.json) {
    for (const finding of findings) terminal.printJson(finding)
    return
  }
  const lines = columns(findings.map(({ name, what }) => [name, what]))
  for (const [i, finding] of findings.entries()) {
    const [sign, style] = SIGNS[finding.state]
    terminal.print(`${terminal.paint(style, sign)} ${lines[i] ?? ''}`)
    if (finding.advice !== undefined) terminal.print(`    ${finding.advice}`)
  }
}
