/** A gateway that takes nothing for now says so in each dialect's own code, and when to come again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, writeRequest } from '../support/mm7-client.ts'
import { openDoorAlone } from '../support/mm7-door.ts'

type Door = Awaited<ReturnType<typeof openDoorAlone>>

/** Why the gate is shut, by how it comes to be. */
const SHUT: Readonly<Record<string, (admission: Door['admission']) => void>> = {
  'its disk is full': (admission) => admission.storeFull(true),
  'it reads as much as it may': (admission) => void admission.enter(64 * 1024 * 1024),
  'it is shutting down': (admission) => admission.drain(),
}

const CODES = { sinch: '3000', skycore: '3000', smsglobal: '4006', '3gpp': '4006' } as const

for (const [why, shut] of Object.entries(SHUT)) {
  test(`a gateway whose door is shut because ${why} asks every client to come again`, async (t) => {
    const door = await openDoorAlone()
    t.after(() => door.close())
    shut(door.admission)
    for (const [dialect, expected] of Object.entries(CODES)) {
      const answer = await exchange(door.port, writeRequest({ path: `/mm7/${dialect}` }))
      assert.equal(answer.code, expected, `${dialect}: ${answer.body}`)
      assert.match(answer.headers, /retry-after: 5/i, dialect)
    }
  })
}
