import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReply } from '../../codecs/smtp/reply.ts'
import type { SmtpPhase } from '../../transports/smtp/send-result.ts'
import { classifyReply, classifySend } from './classify.ts'

// biome-ignore format: a table
const replies: readonly (readonly [SmtpPhase, number, string, string, string, string])[] = [
  ['greeting', 421, '4.3.2', 'Shutting down',        'deferred', 'link-closed'],
  ['data',     421, '',      'Bye',                  'deferred', 'link-closed'],
  ['auth',     535, '5.7.8', 'Wrong password',       'deferred', 'link-refused'],
  ['mail',     530, '5.7.0', 'Authenticate first',   'deferred', 'link-refused'],
  ['rcpt',     450, '4.2.1', 'Mailbox busy',         'deferred', 'carrier-busy'],
  ['rcpt',     451, '4.3.0', 'Local error',          'deferred', 'carrier-error'],
  ['rcpt',     452, '4.3.1', 'Queue full',           'deferred', 'carrier-busy'],
  ['mail',     450, '4.7.1', 'Rate exceeded',        'deferred', 'carrier-busy'],
  ['rcpt',     550, '5.1.1', 'No such subscriber',   'rejected', 'recipient-unknown'],
  ['rcpt',     553, '',      'Mailbox name invalid', 'rejected', 'recipient-unknown'],
  ['mail',     550, '5.1.8', 'Bad sender',           'rejected', 'sender-refused'],
  ['mail',     550, '5.7.1', 'Not allowed',          'rejected', 'sender-refused'],
  ['mail',     552, '5.3.4', 'Too big',              'rejected', 'too-large-for-carrier'],
  ['dot',      552, '',      'Too big',              'rejected', 'too-large-for-carrier'],
  ['dot',      554, '5.6.0', 'Cannot read it',       'rejected', 'content-refused'],
  ['dot',      554, '5.4.6', 'Loop',                 'rejected', 'loop-detected'],
  ['dot',      554, '5.7.1', 'Looks like spam',      'rejected', 'spam-refused'],
  ['rcpt',     550, '5.7.1', 'User opted out',       'rejected', 'recipient-opted-out'],
  ['dot',      554, '',      'Transaction failed',   'rejected', 'carrier-failed'],
  ['data',     501, '',      'Syntax',               'rejected', 'malformed-for-carrier'],
]

for (const [phase, code, enhanced, text, kind, reason] of replies) {
  test(`${code} ${enhanced} "${text}" to ${phase} is ${kind}: ${reason}`, () => {
    const outcome = classifyReply(createReply(code, enhanced, text), phase)
    assert.equal(outcome.kind, kind)
    assert.equal('reason' in outcome ? outcome.reason : '', reason)
    assert.match(outcome.raw ?? '', new RegExp(text), 'the peer’s words are kept')
  })
}

const handover = { remoteId: 'm-0', expects: 'response' } as const

test('a line lost before the final dot is a retry, after it nobody knows', () => {
  const before = classifySend(
    { kind: 'not-sent', phase: 'data', because: 'closed', detail: 'reset' },
    handover,
  )
  assert.deepEqual([before.kind, 'reason' in before && before.reason], ['deferred', 'link-closed'])
  const after = classifySend({ kind: 'unknown', because: 'closed', detail: 'reset' }, handover)
  assert.equal(after.kind, 'unknown')
  assert.equal('remoteId' in after ? after.remoteId : '', 'm-0', 'a late answer still finds it')
})
