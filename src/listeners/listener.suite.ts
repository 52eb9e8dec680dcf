/**
 * What every door promises: a yes only for what is kept, a no that says whether to come again, and
 * an end that cuts nobody off who is being served. Each listener runs this over real sockets.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import type { Submission } from '../core/message.ts'
import type { Acceptance } from '../engine/accept.ts'
import { type Admission, createAdmission } from '../engine/admission.ts'

/** A request of which only a part was said. */
export interface BegunRequest {
  /** Says the rest; the answer. Rejects when the line was cut. */
  finish(): Promise<string>
}

export interface OpenedListener {
  readonly port: number
  /** One correct request; the answer's words. */
  ask(): Promise<string>
  begin(): Promise<BegunRequest>
  close(deadlineMs: number): Promise<void>
}

/** What stands behind the door. */
export interface BehindTheDoor {
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly admission: Admission
  readonly alarm: (where: string, error: unknown) => void
}

export interface ListenerUnderTest {
  /** Opens the door on a free port of loopback. */
  open(behind: BehindTheDoor): Promise<OpenedListener>
  /** What it answers. */
  readonly yes: RegExp
  readonly full: RegExp
  readonly overloaded: RegExp
  readonly draining: RegExp
  /** An error of ours. */
  readonly broken: RegExp
}

const ACCEPTED: Acceptance = { kind: 'accepted', messageId: '123456789012345678' }

export function describeListener(name: string, under: ListenerUnderTest): void {
  async function open(t: TestContext, accept: BehindTheDoor['accept']) {
    const alarms: unknown[] = []
    const admission = createAdmission({
      reserve: { diskReserveBytes: 0, diskReserveShare: 0 },
      readingBytesMax: 1024 * 1024 * 1024,
    })
    const door = await under.open({
      accept,
      admission,
      alarm: (_where, error) => void alarms.push(error),
    })
    t.after(() => door.close(0))
    return { ...door, admission, alarms }
  }

  describe(name, () => {
    test('says yes only after the message is kept', async (t) => {
      let keep = () => {}
      let asked = () => {}
      const wasAsked = new Promise<void>((resolve) => {
        asked = resolve
      })
      const door = await open(t, () => {
        asked()
        return new Promise((resolve) => {
          keep = () => resolve(ACCEPTED)
        })
      })
      let answer: string | undefined
      const asking = door.ask().then((words) => {
        answer = words
      })
      await wasAsked
      // Time enough for a hasty yes to cross the loopback.
      for (let turn = 0; turn < 100; turn += 1) await new Promise((next) => setImmediate(next))
      assert.equal(answer, undefined)
      keep()
      await asking
      assert.match(answer ?? '', under.yes)
    })

    for (const [reason, words] of [
      ['storage-full', under.full],
      ['overloaded', under.overloaded],
    ] as const) {
      test(`tells a client to come again: ${reason}`, async (t) => {
        const door = await open(t, async () => ({ kind: 'refused', reason }))
        assert.match(await door.ask(), words)
        assert.deepEqual(door.alarms, [])
      })
    }

    test('an error of ours is told as ours, rings the alarm, and ends nothing', async (t) => {
      let broken = true
      const door = await open(t, async () => {
        if (broken) throw new Error('the store is on fire')
        return ACCEPTED
      })
      const answer = await door.ask()
      assert.match(answer, under.broken)
      assert.doesNotMatch(answer, /fire/, 'what is inside stays inside')
      assert.equal(door.alarms.length, 1)
      broken = false
      assert.match(await door.ask(), under.yes)
    })

    test('takes nothing while draining, and says so', async (t) => {
      const door = await open(t, async () => ACCEPTED)
      door.admission.drain()
      assert.match(await door.ask(), under.draining)
    })

    test('serves the next client after one that only made noise', async (t) => {
      const door = await open(t, async () => ACCEPTED)
      await new Promise<void>((resolve) => {
        const socket = connect(door.port, '127.0.0.1', () => socket.end(randomBytes(100_000)))
        socket.on('error', () => undefined).on('close', () => resolve())
        socket.resume()
      })
      assert.match(await door.ask(), under.yes)
      assert.deepEqual(door.alarms, [])
    })

    test('close serves whom it has begun to serve, and nobody else', async (t) => {
      const door = await open(t, async () => ACCEPTED)
      const begun = await door.begin()
      const closed = door.close(10_000)
      assert.match(await begun.finish(), under.yes)
      await closed
      const socket = connect(door.port, '127.0.0.1')
      await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' })
    })

    test('close waits for nobody beyond its deadline', async (t) => {
      const door = await open(t, async () => ACCEPTED)
      const begun = await door.begin()
      await door.close(50)
      await assert.rejects(begun.finish())
    })
  })
}
