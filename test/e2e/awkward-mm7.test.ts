/**
 * Requests as real clients write them, byte for byte to the door of every dialect: the awkward ones
 * are taken, and what no reader may repair is refused with its code.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { indexDirectory } from '../../src/core/directory.ts'
import type { Reason } from '../../src/core/reason.ts'
import { faceOf } from '../../src/dialects/face.ts'
import { SPOKEN } from '../../src/dialects/spoken.ts'
import { isMm7Dialect, type Mm7Dialect } from '../../src/listeners/mm7/door.ts'
import { exchange, type Mm7Answer } from '../support/mm7-client.ts'
import { goodCase } from '../support/mm7-defects.ts'
import { openDoorAlone } from '../support/mm7-door.ts'
import { schemaComplaints } from '../support/mm7-schema.ts'

/** Compiled tests run from another tree, the golden files do not. */
const folder = new URL('../../../src/codecs/mm7/golden/', import.meta.url)
const files = readdirSync(folder).filter((file) => /^awkward-.*\.http$/.test(file))

/** What is broken beyond repair, and why. */
const refused: readonly (readonly [file: string, reason: Reason])[] = [
  ['refused-unescaped-subject.http', 'request-unreadable'],
  ['refused-broken-tag.http', 'request-unreadable'],
  ['refused-empty-header.http', 'soap-header-invalid'],
]

/** What every file names: a VASPID, a VASID and a short code. */
const VASPID = 'bells'
const SERVICE = { id: 'tower', senders: ['40404'], shared: false, live: true }

function directoryFor({ name, mm7 }: Mm7Dialect) {
  const { account } = goodCase(name, mm7.path, VASPID)
  const accounts = [{ ...account, services: [SERVICE] }]
  return indexDirectory({ accounts, numbers: [], carriers: [], routes: [], blocks: [] })
}

for (const dialect of SPOKEN.filter(isMm7Dialect)) {
  describe(`awkward requests to ${dialect.name}`, () => {
    let door: Awaited<ReturnType<typeof openDoorAlone>>
    before(async () => {
      const directory = directoryFor(dialect)
      door = await openDoorAlone(() => directory)
    })
    after(() => door.close())

    const own = new URL(`../../../src/dialects/${dialect.name}/golden/`, import.meta.url)
    const ordinary = readdirSync(own).filter((file) => file.endsWith('submit-req.http'))
    const requests = [
      ...ordinary.map((file) => new URL(file, own)),
      ...files.map((file) => new URL(file, folder)),
    ]
    async function answerTo(file: URL): Promise<Mm7Answer> {
      const written = readFileSync(file)
      const line = Buffer.from(`POST /mm7/${dialect.mm7.path} HTTP/1.1`, 'latin1')
      const request = Buffer.concat([line, written.subarray(written.indexOf('\r\n'))])
      const answer = await exchange(door.port, request)
      assert.deepEqual(schemaComplaints(answer.body), [], answer.body)
      assert.deepEqual(door.alarms, [])
      return answer
    }

    for (const file of requests) {
      test(`${file.pathname.split('/').pop()} is taken`, async () => {
        const answer = await answerTo(file)
        assert.equal(answer.code, '1000', answer.body)
        assert.match(answer.transactionId ?? '', /^(awkward-|t-golden)/)
      })
    }

    for (const [file, reason] of refused) {
      test(`${file} gets the code of ${reason}`, async () => {
        const { code, body } = await answerTo(new URL(file, folder))
        assert.equal(code, faceOf(dialect, reason).code, body)
      })
    }
  })
}

test('there are requests to try', () => assert.ok(files.length > 25))
