/**
 * A request with several faults gets one code, by the written order of its dialect: every pair of
 * neighbours in every order, over the wire. What is answered is held against the schema as well.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CheckName } from '../../src/core/checks/index.ts'
import { type Directory, indexDirectory } from '../../src/core/directory.ts'
import type { Reason } from '../../src/core/reason.ts'
import { faceOf } from '../../src/dialects/face.ts'
import { SPOKEN } from '../../src/dialects/spoken.ts'
import { isMm7Dialect, type Mm7Dialect } from '../../src/listeners/mm7/door.ts'
import { exchange, type Mm7Answer, writeRequest } from '../support/mm7-client.ts'
import {
  asCancel,
  FOLLOW_UP_CHECKS,
  goodCase,
  MM7_DEFECTS,
  type Mm7Case,
  NEVER_BOTH,
  withDefects,
} from '../support/mm7-defects.ts'
import { openDoorAlone } from '../support/mm7-door.ts'
import { schemaComplaints } from '../support/mm7-schema.ts'

let directory: Directory
let door: Awaited<ReturnType<typeof openDoorAlone>>
let serial = 0

before(async () => {
  door = await openDoorAlone(() => directory)
})
after(() => door.close())

function newCase({ name, mm7 }: Mm7Dialect): Mm7Case {
  serial += 1
  return goodCase(name, mm7.path, `key-${serial}`)
}

async function ask({ account, blocks, draft }: Mm7Case): Promise<Mm7Answer> {
  directory = indexDirectory({ accounts: [account], numbers: [], carriers: [], routes: [], blocks })
  const answer = await exchange(door.port, writeRequest(draft))
  assert.deepEqual(schemaComplaints(answer.body), [], answer.body)
  assert.deepEqual(door.alarms, [], 'no error of ours behind it')
  return answer
}

/** The code and text a dialect has for the objection of this check. */
function wordsOf(dialect: Mm7Dialect, check: CheckName): string {
  const reason: Reason = MM7_DEFECTS[check]?.reason ?? 'internal-error'
  const row = faceOf(dialect, reason)
  return `${row.code} ${row.text}`
}

/** What is asked of a request about an earlier message, before that message is looked for. */
const CANCEL_CHECKS: ReadonlySet<CheckName> = new Set([
  'version-present',
  'message-id-present',
  'version',
  'version-namespace',
  'sender-identification',
  'vaspid',
  'vasid',
  'credentials',
  'client-address',
  'api-enabled',
  'account-enabled',
  'application',
  'reply-application',
])

const neverBoth = (a: CheckName, b: CheckName) =>
  NEVER_BOTH.some((pair) => pair.includes(a) && pair.includes(b))

for (const dialect of SPOKEN.filter(isMm7Dialect)) {
  const order = dialect.mm7.checkOrder
  const ofSubmit = order.filter((check) => !FOLLOW_UP_CHECKS.includes(check))
  describe(`the order of ${dialect.name}`, () => {
    test('there is a defect for every check of it', () => {
      const without = order.filter((check) => MM7_DEFECTS[check] === undefined)
      assert.deepEqual(without, [], 'add it to test/support/mm7-defects.ts')
    })

    test('a request without defect is taken', async () => {
      assert.equal((await ask(newCase(dialect))).code, '1000')
    })

    for (const check of ofSubmit) {
      test(`${check} alone is answered with its code`, async () => {
        const { code, text, body } = await ask(withDefects(newCase(dialect), check))
        assert.equal(`${code} ${text}`, wordsOf(dialect, check), body)
      })
    }

    for (const [index, second] of ofSubmit.entries()) {
      const first = ofSubmit[index - 1]
      if (first === undefined || neverBoth(first, second)) continue
      test(`${first} comes before ${second}`, async () => {
        const { code, text, body } = await ask(withDefects(newCase(dialect), first, second))
        assert.equal(`${code} ${text}`, wordsOf(dialect, first), body)
      })
    }

    const ofCancel = order.filter((check) => CANCEL_CHECKS.has(check))
    for (const [index, second] of ofCancel.entries()) {
      if (!dialect.mm7.operations.includes('CancelReq')) break
      test(`${second} alone is answered with its code, in a CancelReq`, async () => {
        const { code, text, body } = await ask(withDefects(asCancel(newCase(dialect)), second))
        assert.equal(`${code} ${text}`, wordsOf(dialect, second), body)
      })
      const first = ofCancel[index - 1]
      if (first === undefined) continue
      test(`${first} comes before ${second}, in a CancelReq`, async () => {
        const given = withDefects(asCancel(newCase(dialect)), first, second)
        const { code, text, body } = await ask(given)
        assert.equal(`${code} ${text}`, wordsOf(dialect, first), body)
      })
    }

    test('a stranger is answered alike, whatever else is wrong', async () => {
      const strangerAs = async (...checks: readonly CheckName[]) => {
        const given = withDefects(newCase(dialect), 'vaspid', ...checks)
        const draft = { ...given.draft, transactionId: 'the-same' }
        const { headers, body } = await ask({ ...given, draft })
        return headers.replace(/^date: .*$/im, '') + body
      }
      const plain = await strangerAs()
      for (const check of ofSubmit.slice(ofSubmit.indexOf('vaspid') + 1)) {
        assert.equal(await strangerAs(check), plain, check)
      }
    })
  })
}
