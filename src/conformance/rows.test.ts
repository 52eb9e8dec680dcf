/** Every printed row has a provocation, and what is sent is what its sentence says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { list } from '../catalog/index.ts'
import { findSpoken } from '../dialects/spoken.ts'
import { writeDraft as writeForward } from './mm4/draft.ts'
import { draftOf as forwardOf } from './mm4/provoke.ts'
import { writeDraft } from './mm7/draft.ts'
import { draftOf } from './mm7/provoke.ts'
import { rowsOf, TRIED_DIALECTS } from './rows.ts'

for (const dialect of TRIED_DIALECTS) {
  test(`every row of ${dialect} can be tried`, () => {
    assert.deepEqual(
      rowsOf([dialect], []).map(({ entry }) => entry.id),
      list({ dialect }).map(({ id }) => id),
    )
  })
}

test('one row is found by its code, in every table that has it', () => {
  const ids = rowsOf(TRIED_DIALECTS, ['2503']).map(({ entry }) => entry.id)
  assert.deepEqual(ids, ['sinch/mm7/2503', 'skycore/mm7/2503'])
  assert.deepEqual(rowsOf(TRIED_DIALECTS, ['nothing']), [])
  assert.deepEqual(rowsOf(['webex'], []), [])
})

/** The requests of rows that are one, as text. */
const requests = rowsOf(TRIED_DIALECTS, []).flatMap(({ entry, provocation }) => {
  const profile = findSpoken(entry.dialect)?.mm7
  if (provocation.by !== 'mm7' || profile === undefined) return []
  const text = writeDraft(draftOf(profile, entry, provocation, 'abc')).toString('latin1')
  return [{ entry, text }]
})

/** Words of a sentence that stand on the wire as they are: numbers, versions, operations, methods. */
const WIRE_WORDS = /[A-Za-z-]*[0-9][A-Za-z0-9.-]*|\bGET\b|\b[A-Za-z]+Req\b|\bX-[A-Za-z-]+/g

test('what a sentence names is in the bytes that are sent', () => {
  let words = 0
  for (const { entry, text } of requests) {
    const { via, given } = entry.provoke
    if (via !== 'request') continue
    for (const [word] of given.matchAll(WIRE_WORDS)) {
      words += 1
      assert.ok(text.includes(word), `${entry.id}: ${word} of "${given}"`)
    }
  }
  assert.ok(words > 20, `${words} words`)
})

test('a row of an account is sent as that account, one of a recipient to that number', () => {
  for (const { entry, text } of requests) {
    const { via, to } = entry.provoke
    if (via === 'account') assert.ok(text.includes(`>${entry.dialect}-${entry.code}<`), entry.id)
    if (to !== undefined) assert.ok(text.includes(`>${to.slice(1)}<`), entry.id)
  }
})

/** The same for MM4, envelope first. */
const forwards = rowsOf(TRIED_DIALECTS, []).flatMap(({ entry, provocation }) => {
  if (provocation.by !== 'mm4') return []
  const draft = forwardOf(entry, provocation, 'abc')
  const envelope = [draft.from, ...draft.to].join(' ')
  return [{ entry, draft, text: `${envelope} ${writeForward(draft).toString('latin1')}` }]
})

/** Numbers, header names and media types of a sentence. */
const MAIL_WORDS = /[0-9]{5,}|\bX-[A-Za-z-]+|\b[a-z]+\/[a-z-]+/g

test('what a sentence about a mail names is in the mail', () => {
  let words = 0
  for (const { entry, text } of forwards) {
    const { via, given } = entry.provoke
    if (via !== 'request') continue
    for (const [word] of given.matchAll(MAIL_WORDS)) {
      words += 1
      assert.ok(text.includes(word), `${entry.id}: ${word} of "${given}"`)
    }
  }
  assert.ok(words > 10, `${words} words`)
})

test('a sandbox account that a sentence names is the one that logs in, and a number the envelope', () => {
  for (const { entry, draft } of forwards) {
    const { given, to } = entry.provoke
    const named = /the account (bandwidth-[0-9]+)/.exec(given)?.[1]
    if (named !== undefined) assert.equal(draft.login.user, named, entry.id)
    if (to !== undefined) assert.match(draft.to[0] ?? '', new RegExp(`^\\${to}/`), entry.id)
  }
})
