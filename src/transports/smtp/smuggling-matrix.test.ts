/**
 * Every fake end of a message × every place to cut it × DATA and BDAT × what stands behind it, against
 * the real server: each cell is refused, and nothing is kept of what was smuggled in.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openSmtpServer, type SmtpServer } from './server.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { openRawClient } from './testing/raw-peer.ts'

/** Bytes that some server on the way might take for a line end, or for the end of the message. */
const FAKES = [
  '\r',
  '\n',
  '\n\n',
  '\r\r',
  '\r\r\n',
  '\n\r',
  '\n\r\n',
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\n',
  '\n.\r',
  '\r.\r\n',
  '\r\n.\r',
  '\r\r\n.\r\n',
  '\r\n.\r\r\n',
  '\n\r\n.\r\n',
  '\r\n.\n\r\n',
  '\n..\n',
  '\r\n..\n',
] as const

const SMUGGLED = 'MAIL FROM:<boss@b.example>\r\nRCPT TO:<victim@b.example>\r\nDATA\r\nhi\r\n.\r\n'

/** What the attacker has behind the fake end. */
const BEHIND = [
  ['a command', 'NOOP\r\n'],
  ['a whole message', SMUGGLED],
  ['text and the true end', 'text\r\n.\r\nQUIT\r\n'],
] as const

const HEAD = 'Subject: x\r\n\r\nhello'
const ENVELOPE = 'MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n'

/** How a message is said: everything up to the fake, the fake and what is behind, by command. */
const SAID = [
  [
    'DATA',
    (fake: string, behind: string) => [`${ENVELOPE}DATA\r\n${HEAD}`, `${fake}${behind}`] as const,
  ],
  [
    'one BDAT',
    (fake: string, behind: string) => {
      const body = `${HEAD}${fake}${behind}`
      const start = `${ENVELOPE}BDAT ${body.length} LAST\r\n${HEAD}`
      return [start, `${fake}${behind}`] as const
    },
  ],
  [
    'a BDAT that ends inside it',
    (fake: string, behind: string) => {
      const half = Math.ceil(fake.length / 2)
      const rest = `${fake.slice(half)}${behind}`
      const start = `${ENVELOPE}BDAT ${HEAD.length + half}\r\n${HEAD}`
      return [start, `${fake.slice(0, half)}BDAT ${rest.length} LAST\r\n${rest}`] as const
    },
  ],
] as const

const handler = createKeepingHandler()
let server: SmtpServer

before(async () => {
  server = await openSmtpServer({ host: '127.0.0.1', port: 0, hostname: 'mm4.example', handler })
})
after(() => server.close({ deadlineMs: 0 }))

for (const fake of FAKES) {
  for (const [how, say] of SAID) {
    test(`${JSON.stringify(fake)} by ${how} is refused, wherever it is cut`, async () => {
      for (const [name, behind] of BEHIND) {
        const [start, end] = say(fake, behind)
        // Before, inside and after the fake; a cut at the end is none: all in one write.
        for (let cut = 0; cut <= fake.length + 1; cut += 1) {
          const heard = await play(
            cut > fake.length ? [start + end] : [start + end.slice(0, cut), end.slice(cut)],
          )
          assert.match(heard, /550 5\.5\.2 [^\r]*\r\n$/, `${name}, cut ${cut}`)
          assert.equal(heard.match(/^550/gm)?.length, 1, `${name}, cut ${cut}`)
        }
      }
      assert.equal(handler.kept.length, 0)
    })
  }
}

/** Says the pieces one by one, each heard by itself, and takes all that is answered. */
async function play(pieces: readonly string[]): Promise<string> {
  const client = await openRawClient(server.address.port)
  client.socket.setNoDelay(true)
  await client.ask('EHLO c.example')
  const aborted = handler.aborts.length
  for (const piece of pieces) {
    if (piece === '' || client.socket.destroyed) continue
    await new Promise<void>((resolve) => client.socket.write(piece, 'latin1', () => resolve()))
    // Two turns of the loop: the server reads what is there before more comes.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const heard = await client.untilClosed()
  assert.ok(handler.aborts.slice(aborted).every((because) => because.startsWith('bare-')))
  return heard
}
