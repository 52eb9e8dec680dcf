import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { createReply } from '../../codecs/smtp/reply.ts'
import type { SmtpMail, SmtpPoolOptions } from './client-options.ts'
import { openSmtpPool, type SmtpPool } from './pool.ts'
import { RECIPIENT_OK } from './replies.ts'
import { openSmtpServer } from './server.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { type OnLine, openRawServer, politely, type RawServer } from './testing/raw-peer.ts'

const MAIL: SmtpMail = { from: 'a@a.example', to: ['b@b.example'], data: [Buffer.from('x\r\n')] }

function openPool(t: TestContext, port: number, options: Partial<SmtpPoolOptions> = {}): SmtpPool {
  const pool = openSmtpPool({ host: '127.0.0.1', port, helloName: 'c.example', ...options })
  t.after(() => pool.close(0))
  return pool
}

async function openPeer(t: TestContext, onLine: OnLine): Promise<RawServer> {
  const server = await openRawServer(onLine)
  t.after(() => server.close())
  return server
}

/** Polite calls, each with its own state. */
function politeCalls(answers: Readonly<Record<string, string>> = {}): OnLine {
  const byCall = new Map<number, OnLine>()
  return (line, call, number) => {
    const polite = byCall.get(number) ?? politely(answers)
    byCall.set(number, polite)
    polite(line, call, number)
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

test('messages one after the other use one connection', async (t) => {
  const peer = await openPeer(t, politeCalls())
  const pool = openPool(t, peer.port)
  for (let count = 0; count < 3; count++) {
    assert.equal((await pool.send(MAIL)).kind, 'accepted')
  }
  assert.equal(peer.calls.length, 1)
})

test('messages at the same time share as many connections as allowed', async (t) => {
  const peer = await openPeer(t, politeCalls())
  const pool = openPool(t, peer.port, { connectionsMax: 3 })
  const results = await Promise.all(Array.from({ length: 20 }, () => pool.send(MAIL)))
  assert.ok(results.every(({ kind }) => kind === 'accepted'))
  assert.equal(peer.calls.length, 3)
  assert.equal(pool.connectionCount, 3)
})

for (const pipelining of [true, false]) {
  const how = pipelining ? 'with' : 'without'
  test(`after a refused recipient the kept connection begins afresh, ${how} pipelining`, async (t) => {
    const busy = createReply(452, '4.3.1', 'Queue full')
    let refusals = 2
    const handler = createKeepingHandler({
      rcpt: () => {
        refusals -= 1
        return refusals >= 0 ? busy : RECIPIENT_OK
      },
    })
    const server = await openSmtpServer({
      host: '127.0.0.1',
      port: 0,
      hostname: 's.example',
      handler,
    })
    t.after(() => server.close({ deadlineMs: 0 }))
    const pool = openPool(t, server.address.port, { pipelining })
    const kinds: string[] = []
    for (let count = 0; count < 3; count += 1) {
      const result = await pool.send(MAIL)
      kinds.push(result.kind === 'refused' ? `${result.phase} ${result.reply.code}` : result.kind)
    }
    assert.deepEqual(kinds, ['rcpt 452', 'rcpt 452', 'accepted'])
    assert.equal(server.sessionCount, 1, 'one connection for all three')
  })
}

test('a connection is given up after as many messages as the peer takes', async (t) => {
  const peer = await openPeer(t, politeCalls())
  const pool = openPool(t, peer.port, { messagesPerConnectionMax: 1 })
  for (let count = 0; count < 3; count++) await pool.send(MAIL)
  assert.equal(peer.calls.length, 3)
  await until(() => peer.calls.every(({ lines }) => lines.includes('QUIT')))
})

test('a peer that closes after each 250 gets each message once', async (t) => {
  const polite = politeCalls()
  const peer = await openPeer(t, (line, call, number) => {
    polite(line, call, number)
    if (line === '.') call.socket.end()
  })
  const pool = openPool(t, peer.port)
  for (let count = 0; count < 4; count++) {
    assert.equal((await pool.send(MAIL)).kind, 'accepted')
  }
  assert.equal(peer.calls.flatMap(({ lines }) => lines).filter((line) => line === '.').length, 4)
})

test('a kept connection that answers MAIL with 421 or a hang-up is replaced silently', async (t) => {
  for (const answer of ['421 4.4.2 Idle too long', 'hang up']) {
    const polite = politeCalls()
    const peer = await openPeer(t, (line, call, number) => {
      const again = line.startsWith('MAIL') && call.lines.includes('.')
      if (!again) polite(line, call, number)
      else if (answer === 'hang up') call.socket.destroy()
      else call.socket.end(`${answer}\r\n`)
    })
    const pool = openPool(t, peer.port)
    assert.equal((await pool.send(MAIL)).kind, 'accepted')
    assert.equal((await pool.send(MAIL)).kind, 'accepted')
    assert.equal(peer.calls.length, 2)
    assert.equal(pool.connectionCount, 1)
  }
})

test('a fresh connection that answers MAIL with 421 is the peer’s word', async (t) => {
  const peer = await openPeer(t, politeCalls({ MAIL: '421 4.3.2 Going down' }))
  const result = await openPool(t, peer.port).send(MAIL)
  assert.ok(result.kind === 'refused' && result.reply.code === 421)
  assert.equal(peer.calls.length, 1)
})

test('a kept connection is closed after its idle time', async (t) => {
  const peer = await openPeer(t, politeCalls())
  const pool = openPool(t, peer.port, { idleTimeoutMs: 30 })
  await pool.send(MAIL)
  await until(() => peer.calls[0]?.lines.includes('QUIT') === true)
  assert.equal(pool.connectionCount, 0)
})

test('messages beyond what may wait are told so at once', async (t) => {
  const peer = await openPeer(t, politeCalls({ connect: '' }))
  const pool = openPool(t, peer.port, { connectionsMax: 1, waitingMax: 1 })
  const [first, second] = [pool.send(MAIL), pool.send(MAIL)]
  await until(() => pool.waitingCount === 1)
  const third = await pool.send(MAIL)
  assert.ok(third.kind === 'not-sent' && third.because === 'busy')
  await pool.close(0)
  assert.deepEqual(
    (await Promise.all([first, second])).map((result) => 'because' in result && result.because),
    ['aborted', 'closed'],
  )
})

test('a waiting message can be aborted, and an aborted one never starts', async (t) => {
  const peer = await openPeer(t, politeCalls({ connect: '' }))
  const pool = openPool(t, peer.port, { connectionsMax: 1 })
  void pool.send(MAIL)
  const controller = new AbortController()
  const waiting = pool.send(MAIL, controller.signal)
  await until(() => pool.waitingCount === 1)
  controller.abort()
  for (const result of [await waiting, await pool.send(MAIL, controller.signal)]) {
    assert.ok(result.kind === 'not-sent' && result.because === 'aborted')
  }
  assert.equal(pool.waitingCount, 0)
})

test('when one cannot connect, those who wait try in their turn', async (t) => {
  const peer = await openPeer(t, politeCalls({ connect: '421 Not now' }))
  const pool = openPool(t, peer.port, { connectionsMax: 1 })
  const results = await Promise.all([pool.send(MAIL), pool.send(MAIL), pool.send(MAIL)])
  assert.ok(results.every((result) => result.kind === 'refused' && result.phase === 'greeting'))
  assert.equal(peer.calls.length, 3)
  assert.equal(pool.connectionCount, 0)
})

test('close lets running messages end, quits, and takes no more', async (t) => {
  const polite = politeCalls({ '.': '' })
  const peer = await openPeer(t, polite)
  const pool = openPool(t, peer.port)
  const running = pool.send(MAIL)
  await until(() => peer.calls[0]?.lines.includes('.') === true)
  const closed = pool.close(5000)
  const late = await pool.send(MAIL)
  assert.ok(late.kind === 'not-sent' && late.because === 'closed')
  peer.calls[0]?.say('250 2.0.0 Kept')
  assert.equal((await running).kind, 'accepted')
  await closed
  assert.ok(peer.calls[0]?.lines.includes('QUIT'))
  assert.equal(pool.connectionCount, 0)
})

test('close cuts after its deadline, and says unknown where the dot was out', async (t) => {
  const peer = await openPeer(t, politeCalls({ '.': '' }))
  const pool = openPool(t, peer.port)
  const running = pool.send(MAIL)
  await until(() => peer.calls[0]?.lines.includes('.') === true)
  await pool.close(20)
  const result = await running
  assert.ok(result.kind === 'unknown' && result.because === 'aborted')
})

test('a hello name that could break the line is the operator’s mistake', () => {
  for (const helloName of ['', 'a b', 'a\r\nMAIL FROM:<>', 'caf\u00e9']) {
    assert.throws(() => openSmtpPool({ host: 'h', port: 25, helloName }), TypeError)
  }
})

test('no hello name, whatever it holds, can make a second line or a second word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (helloName) => {
      try {
        void openSmtpPool({ host: 'h', port: 25, helloName })
      } catch {
        return
      }
      assert.match(`EHLO ${helloName}\r\n`, /^EHLO [!-~]+\r\n$/)
    }),
  )
})

test('a peer that answers QUIT with a refusal has the message all the same', async (t) => {
  const peer = await openPeer(t, politely({ QUIT: '501 5.5.4 Syntax' }))
  const pool = openPool(t, peer.port)
  assert.equal((await pool.send(MAIL)).kind, 'accepted')
  await pool.close(5000)
  assert.ok(peer.calls[0]?.lines.includes('QUIT'))
})
