import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCommand } from './command.ts'

const UNDERSTOOD: readonly (readonly [line: string, command: object])[] = [
  ['EHLO mmsc.example', { verb: 'EHLO', name: 'mmsc.example' }],
  ['helo [192.0.2.1]', { verb: 'HELO', name: '[192.0.2.1]' }],
  ['EHLO host and a comment', { verb: 'EHLO', name: 'host' }],
  ['DATA', { verb: 'DATA' }],
  ['data ', { verb: 'DATA' }],
  ['NOOP whatever', { verb: 'NOOP' }],
  ['QUIT', { verb: 'QUIT' }],
  ['STARTTLS', { verb: 'STARTTLS' }],
  ['VRFY someone', { verb: 'VRFY', argument: 'someone' }],
  ['AUTH plain AHUAcA==', { verb: 'AUTH', mechanism: 'PLAIN', initial: 'AHUAcA==' }],
  ['AUTH LOGIN', { verb: 'AUTH', mechanism: 'LOGIN', initial: undefined }],
  ['BDAT 86 LAST', { verb: 'BDAT', bytes: 86, last: true }],
  ['BDAT 0', { verb: 'BDAT', bytes: 0, last: false }],
]

for (const [line, command] of UNDERSTOOD) {
  test(`parseCommand understands ${line}`, () => {
    assert.deepEqual(parseCommand(line), { kind: 'command', command })
  })
}

const SENDERS: readonly (readonly [line: string, from: string, params?: Record<string, string>])[] =
  [
    ['MAIL FROM:<+15550100123/TYPE=PLMN@mms.example>', '+15550100123/TYPE=PLMN@mms.example'],
    ['mail from:<>', ''],
    ['MAIL FROM: <postmaster>', 'postmaster'],
    ['MAIL FROM:<a@[192.0.2.7]>', 'a@[192.0.2.7]'],
    ['MAIL FROM:<@relay.example,@hub.example:a@b.example>', 'a@b.example'],
    ['MAIL FROM:<"quoted local \\" part"@b.example>', '"quoted local \\" part"@b.example'],
    ['MAIL FROM:a@b.example', 'a@b.example'],
    [
      'MAIL FROM:<a@b> size=1000  BODY=8BITMIME AUTH=<>',
      'a@b',
      { SIZE: '1000', BODY: '8BITMIME', AUTH: '<>' },
    ],
  ]

for (const [line, from, params = {}] of SENDERS) {
  test(`parseCommand reads the sender of ${line}`, () => {
    const parsed = parseCommand(line)
    assert.ok(parsed.kind === 'command' && parsed.command.verb === 'MAIL')
    assert.equal(parsed.command.from, from)
    assert.deepEqual(Object.fromEntries(parsed.command.params), params)
  })
}

const BROKEN: readonly (readonly [line: string, kind: string])[] = [
  ['EHLO', 'syntax'],
  ['MAIL', 'syntax'],
  ['MAIL TO:<a@b>', 'syntax'],
  ['MAIL FROM:<a@b', 'syntax'],
  ['MAIL FROM:<a@b>SIZE=1', 'syntax'],
  ['MAIL FROM:<a b@c>', 'syntax'],
  ['MAIL FROM:<a@b> SIZE=1 size=2', 'syntax'],
  ['MAIL FROM:<a@b> =', 'syntax'],
  [`MAIL FROM:<${'a'.repeat(300)}@b>`, 'syntax'],
  ['MAIL FROM:<\u00e9@b>', 'syntax'],
  ['MAIL FROM:<a\0@b>', 'syntax'],
  ['RCPT TO:<>', 'syntax'],
  ['DATA now', 'syntax'],
  ['BDAT x', 'syntax'],
  ['AUTH PLAIN a b', 'syntax'],
  ['', 'unknown'],
  ['TURN', 'unknown'],
  ['GET / HTTP/1.1', 'foreign'],
  ['POST /submit HTTP/1.1', 'foreign'],
]

for (const [line, kind] of BROKEN) {
  test(`parseCommand answers ${JSON.stringify(line.slice(0, 40))} with ${kind}`, () => {
    assert.equal(parseCommand(line).kind, kind)
  })
}

test('parseCommand never throws and never lets a control character into an address', () => {
  const argument = fc.string({ unit: 'binary', maxLength: 80 })
  const verb = fc.constantFrom('MAIL FROM:<', 'RCPT TO:<', 'AUTH ', 'EHLO ', 'BDAT ', '')
  fc.assert(
    fc.property(verb, argument, (start, rest) => {
      const parsed = parseCommand(start + rest)
      if (parsed.kind !== 'command') return
      const { command } = parsed
      const address =
        command.verb === 'MAIL' ? command.from : command.verb === 'RCPT' ? command.to : ''
      assert.match(address, /^[\x20-\x7e]*$/)
    }),
  )
})
