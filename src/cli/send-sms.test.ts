import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openSmppDoor, type SmppDoorOptions } from '../../test/support/smpp-door.ts'
import { makeFolder, runCli, startCli } from './testing/run-cli.ts'

const TO = ['--to', '+15550100123']

async function open(t: TestContext, options: SmppDoorOptions = {}) {
  const door = await openSmppDoor(options)
  t.after(() => door.close())
  const cwd = makeFolder(t)
  const run = (...words: string[]) =>
    runCli([...words, '--smpp-host', '127.0.0.1', '--smpp-port', String(door.port)], { cwd })
  const start = (...words: string[]) =>
    startCli([...words, '--smpp-host', '127.0.0.1', '--smpp-port', String(door.port)], { cwd })
  return { door, run, start }
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('a text travels as it was typed, and --wait shows its receipt', async (t) => {
  const { door, run } = await open(t)
  const { code, stdout } = await run('send', 'sms', '--text', 'Grüße {1}', ...TO, '--wait')
  assert.equal(code, 0)
  assert.match(stdout, /✔ ESME_ROK\n {2}Message [0-9]{18}\n/)
  assert.match(stdout, /◀ receipt DELIVRD {2}by 15550100123\n/)
  const [attempt] = door.attempts
  assert.equal(Buffer.from(attempt?.content.inline ?? []).toString(), 'Grüße {1}')
  assert.equal(attempt?.envelope.sms?.alphabet, 'gsm7')
})

test('a long text goes in parts, and every part has its receipt', async (t) => {
  const { door, run } = await open(t)
  const text = 'колокол '.repeat(20)
  const { code, stdout } = await run('send', 'sms', '--text', text, ...TO, '--wait', '--json')
  assert.equal(code, 0)
  const said = lines(stdout)
  const ids = said.filter(({ status }) => status === 'ESME_ROK').map(({ messageId }) => messageId)
  assert.equal(ids.length, 3)
  const told = said.filter(({ state }) => state === 'delivered').map(({ messageId }) => messageId)
  assert.deepEqual(told.sort(), ids.sort())
  assert.equal(Buffer.from(door.attempts[0]?.content.inline ?? []).toString(), text)
})

test('a failure is explained by the dialect’s code, and the exit code says so', async (t) => {
  const play = () => ({ kind: 'rejected', reason: 'recipient-unknown' }) as const
  const { run } = await open(t, { play })
  const { code, stdout } = await run('send', 'sms', '--text', 'Hi', ...TO, '--wait')
  assert.equal(code, 1)
  assert.match(stdout, /◀ receipt UNDELIV {2}by 15550100123 {2}err 720\n/)
  assert.match(stdout, /Means .+\n(?:.+\n)*? +Do .+\n/)
})

test('a refusal is told by its status', async (t) => {
  const { run } = await open(t)
  const { code, stdout } = await run('send', 'sms', '--text', 'Hi', '--to', '+12')
  assert.equal(code, 1)
  assert.match(stdout, /✖ ESME_RINVDSTADR\n/)
})

test('several recipients are one submit_multi', async (t) => {
  const { door, run } = await open(t)
  const to = [...TO, '--to', '+15550100124', '--to', '+12']
  const { code, stdout } = await run('send', 'sms', '--text', 'Hi', ...to, '--json')
  assert.equal(code, 0)
  assert.deepEqual(lines(stdout)[0]?.refused, [{ to: '+12', status: 'ESME_RINVDSTADR' }])
  await door.clock.drain()
  assert.deepEqual(door.attempts.map(({ recipient }) => recipient.text).sort(), [
    '15550100123',
    '15550100124',
  ])
})

test('who is not let in, and who finds nobody, is told what to do', async (t) => {
  const { run } = await open(t)
  const wrong = await run('send', 'sms', '--text', 'Hi', ...TO, '--password', 'wrong')
  assert.equal(wrong.code, 77)
  assert.match(wrong.stderr, /refuses demo-esme as transmitter: ESME_RINVPASWD/)
  const { code, stderr } = await runCli(
    ['send', 'sms', '--text', 'Hi', ...TO, '--smpp-host', '127.0.0.1', '--smpp-port', '1'],
    { cwd: makeFolder(t) },
  )
  assert.equal(code, 69)
  assert.match(stderr, /no message centre on 127\.0\.0\.1:1/)
})

test('listen --smpp stays bound and shows what is delivered', async (t) => {
  const { run, start } = await open(t)
  const listening = start('listen', '--smpp', '--json', '--count', '1')
  const first = JSON.parse(await listening.firstLine()) as Record<string, unknown>
  assert.deepEqual([first.listening, first.systemId], [true, 'demo-esme'])
  const sent = await run('send', 'sms', '--text', 'Hi', ...TO, '--json')
  const { code, stdout } = await listening.ended
  assert.equal(code, 0)
  const receipt = lines(stdout)[1]
  assert.equal(receipt?.kind, 'receipt')
  assert.equal(receipt?.state, 'delivered')
  assert.equal(receipt?.messageId, lines(sent.stdout)[0]?.messageId)
})

test('listen --smpp unbinds when it is told to stop', async (t) => {
  const { start } = await open(t)
  const listening = start('listen', '--smpp', '--json')
  await listening.firstLine()
  listening.child.kill('SIGTERM')
  const { code, stderr } = await listening.ended
  assert.equal(code, 0)
  assert.equal(stderr, '')
})
