/**
 * Does what the README says, word for word, in a clean clone: `npm start`, then every line of its
 * code blocks and every command it names in passing. The slowest test there is.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../support/inbox.ts'

/** Installing and compiling a clone on a small machine that does other things, too. */
const START_MS_MAX = 150_000
const LINE_MS_MAX = 30_000
/** MM7, MM4, the simulated carrier, operators, the listening client. */
const PORTS = [8080, 2525, 2526, 8090, 8081]

function rootFrom(folder: string): string {
  return existsSync(join(folder, '.git')) ? folder : rootFrom(dirname(folder))
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** What a newcomer's shell has: nothing of the run of tests around us. */
function plainEnv(): NodeJS.ProcessEnv {
  const ours = /^(CARILLON_|NODE_|npm_(?!config_)|INIT_CWD|FORCE_COLOR)/
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', npm_config_prefer_offline: 'true' }
}

interface Typed {
  readonly said: () => string
  readonly over: () => boolean
  readonly ended: Promise<number | null>
}

/** Types a line into a shell of its own; the shell and all it started end with the test. */
function type(t: TestContext, line: string, cwd: string): Typed {
  const child = spawn('sh', ['-c', line], { cwd, env: plainEnv(), detached: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  let over = false
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      over = true
      resolve(code)
    })
  })
  t.after(async () => {
    // The whole group, by the id of the shell that leads it.
    if (!over && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await ended
  })
  return { said: () => said, over: () => over, ended }
}

/** Types a line that ends by itself; what it said. */
async function run(t: TestContext, line: string, cwd: string): Promise<string> {
  const typed = type(t, line, cwd)
  await until(`the end of ${line}`, typed.over, LINE_MS_MAX)
  const code = await typed.ended
  assert.equal(code, 0, `${line}\n${typed.said()}`)
  return typed.said()
}

/** Lines of the code blocks, without what a `#` explains. */
function blockLines(readme: string): string[] {
  const blocks = [...readme.matchAll(/^```[a-z]*\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap(([, block = '']) =>
    block.split('\n').flatMap((line) => line.replace(/\s+#.*$/, '').trim() || []),
  )
}

/** Commands in the running text; a line may break inside one. */
function commandsInPassing(readme: string): string[] {
  const prose = readme.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`(npx carillon\s[^`…]+)`/g)].map(([, command = '']) =>
    command.replace(/\s+/g, ' '),
  )
}

async function clone(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-readme-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const root = rootFrom(dirname(fileURLToPath(import.meta.url)))
  execFileSync('git', ['clone', '--quiet', root, 'carillon'], { cwd: folder })
  return join(folder, 'carillon')
}

test('every line of the README works when it is typed in a clean clone', async (t) => {
  const free = await Promise.all(PORTS.map(isFree))
  const taken = PORTS.filter((_port, index) => free[index] !== true)
  if (taken.length > 0) {
    t.skip(`ports ${taken.join(', ')} are taken, and the README names them`)
    return
  }
  const cwd = await clone(t)
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8')
  const [start, check, ...lines] = blockLines(readme)
  // The second one is what runs us.
  assert.deepEqual([start, check], ['npm start', 'npm test'])
  const gateway = type(t, 'npm start', cwd)
  const ready = () => gateway.said().includes('In a second terminal')
  await until('the ready box', () => ready() || gateway.over(), START_MS_MAX)
  assert.ok(ready(), gateway.said())

  let messageId = ''
  let listening: Typed | undefined
  for (const line of lines) {
    if (line === 'npx carillon listen') {
      listening = type(t, line, cwd)
      continue
    }
    const said = await run(t, line.replace('<message-id>', messageId), cwd)
    if (line.includes('send mms')) messageId = /\b[0-9]{18}\b/.exec(said)?.[0] ?? ''
    if (line.startsWith('curl')) assert.match(said, /<StatusCode>1000</)
    if (line.includes('trace')) assert.match(said, /accepted[\s\S]*1000/)
    if (line.includes('explain')) assert.match(said, /Number blacklisted/)
  }
  assert.notEqual(messageId, '', 'send tells the id')
  assert.ok(listening !== undefined, 'the README has a client listen')
  const { said } = listening
  await until('reports and the answer with its picture', () =>
    ['Forwarded', 'Retrieved', 'image/png'].every((word) => said().includes(word)),
  ).catch((error) => assert.fail(`${error}\n${said()}`))

  const passing = commandsInPassing(readme)
  assert.ok(passing.length > 2, passing.join('\n'))
  for (const command of passing) await run(t, command, cwd)
})
