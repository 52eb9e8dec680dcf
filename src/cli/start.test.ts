import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFolder, type Running, runCli, startCli } from './testing/run-cli.ts'

interface Ready {
  readonly ready: boolean
  readonly pid: number
  readonly data: string
  readonly sandbox: boolean
  readonly addresses: Readonly<Record<string, { readonly host: string; readonly port: number }>>
}

const FREE_PORTS = ['--http-port', '0', '--smtp-port', '0', '--smpp-port', '0']
/** Test machines may be small; the reserve has tests of its own. */
const env = { CARILLON_STORE__DISK_RESERVE_BYTES: '0' }

function start(t: TestContext, cwd: string, more: readonly string[] = []): Running {
  const running = startCli(['start', ...FREE_PORTS, ...more], { cwd, env })
  t.after(() => running.child.kill('SIGKILL'))
  return running
}

async function readiness(running: Running): Promise<Ready> {
  return JSON.parse(await running.firstLine()) as Ready
}

function answers({ host, port }: { readonly host: string; readonly port: number }) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, host)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

test('one line of JSON tells every bound address, and each of them answers', async (t) => {
  const cwd = makeFolder(t)
  const running = start(t, cwd, ['--json', '--data', 'kept'])
  const { ready, pid, data, sandbox, addresses } = await readiness(running)
  assert.deepEqual([ready, pid, data, sandbox], [true, running.child.pid, 'kept', true])
  assert.deepEqual(Object.keys(addresses).sort(), ['admin', 'carrier', 'http', 'smpp', 'smtp'])
  for (const address of Object.values(addresses)) assert.equal(await answers(address), true)
  assert.ok(existsSync(join(cwd, 'kept', 'run.json')))

  running.child.kill('SIGTERM')
  const { code, stdout } = await running.ended
  assert.equal(code, 0)
  assert.equal(stdout.trim().split('\n').length, 1)
  assert.ok(!existsSync(join(cwd, 'kept', 'run.json')))
})

test('a message goes from the command line to a simulated handset and back to a trace', async (t) => {
  const cwd = makeFolder(t)
  const running = start(t, cwd, ['--json'])
  await readiness(running)
  const words = ['send', 'mms', '--text', 'Hi', '--to', '+15550100124', '--wait']
  const sent = await runCli(words, { cwd, env })
  assert.equal(sent.code, 0, sent.stderr)
  assert.match(sent.stdout, /✔ 1000 /)
  assert.match(sent.stdout, /the handset fetched it/)
  assert.match(sent.stdout, /● delivered {2}\+15550100124/)
  const traced = await runCli(['trace', 'latest'], { cwd, env })
  assert.match(traced.stdout, /● delivered {2}\+15550100124/)
  const refused = await runCli([...words.slice(0, 5), '+99900003001'], { cwd, env })
  assert.equal(refused.code, 1)
  assert.match(refused.stdout, /✖ 3001 /)
  const shown = await runCli(['directory', 'show'], { cwd, env })
  assert.match(shown.stdout, /sinch/)
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 0)
})

test('the ready box says where, and what to type next', async (t) => {
  const cwd = makeFolder(t)
  const running = start(t, cwd)
  await new Promise<void>((resolve) => {
    let seen = ''
    running.child.stdout?.on('data', (text: string) => {
      seen += text
      if (seen.includes('Ctrl-C')) resolve()
    })
  })
  running.child.kill('SIGTERM')
  const { code, stdout } = await running.ended
  assert.equal(code, 0)
  for (const line of [
    /carriers are simulated, nothing leaves this machine/,
    /MM7 +http:\/\/localhost:\d+\/mm7\/sinch +VASPID demo-sinch-key\n/,
    /npx carillon listen\n/,
    /npx carillon send mms --image \S+photo\.jpg --text 'Hello' --to \+15550100123\n/,
    /curl -s http:\/\/localhost:\d+\/mm7\/sinch -H 'Content-Type: [^']+' --data-binary @\S+submit\.mime\n/,
    /npx carillon trace latest\n/,
    /npx carillon codes explain sinch 3001\n/,
  ]) {
    assert.match(stdout, line)
  }
})

test('a second gateway on the same machine needs no port but those it is given', async (t) => {
  const first = start(t, makeFolder(t), ['--json'])
  await readiness(first)
  const second = start(t, makeFolder(t), ['--json'])
  const { addresses } = await readiness(second)
  for (const address of Object.values(addresses)) assert.equal(await answers(address), true)
  for (const { child, ended } of [first, second]) {
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
  }
})

test('a port that is taken ends with 69, names it, and leaves nothing running', async (t) => {
  const first = start(t, makeFolder(t), ['--json'])
  const { addresses } = await readiness(first)
  const port = String(addresses.http?.port)
  const words = ['start', '--http-port', port, '--smtp-port', '0', '--smpp-port', '0']
  const { code, stderr } = await runCli(words, { cwd: makeFolder(t), env })
  assert.equal(code, 69)
  assert.match(stderr, new RegExp(`port ${port} is taken`))
  first.child.kill('SIGTERM')
  await first.ended
})

test('--no-sandbox opens no simulated carrier', async (t) => {
  const running = start(t, makeFolder(t), ['--json', '--no-sandbox'])
  const { sandbox, addresses } = await readiness(running)
  assert.equal(sandbox, false)
  assert.equal(addresses.carrier, undefined)
  running.child.kill('SIGTERM')
  assert.equal((await running.ended).code, 0)
})

test('a second signal hurries a stop that waits for a slow client', async (t) => {
  const running = start(t, makeFolder(t), ['--json'])
  const { http } = (await readiness(running)).addresses
  assert.ok(http !== undefined)
  const client = connect(http.port, http.host)
  t.after(() => client.destroy())
  client.on('error', () => {})
  await new Promise<void>((resolve) => {
    // The answer to Expect tells that the gateway waits for the body that never comes.
    client.once('data', () => resolve())
    client.write('POST /mm7/sinch HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n')
    client.write('Content-Length: 100\r\nExpect: 100-continue\r\n\r\n')
  })
  running.child.kill('SIGTERM')
  running.child.stderr?.once('data', () => running.child.kill('SIGTERM'))
  const { code, stderr } = await running.ended
  assert.match(stderr, /SIGTERM: hurrying/)
  assert.ok(code === 0 || code === 75, `${code}`)
})
