/**
 * What every way out promises the engine: one attempt, its honest outcome, an end when told. Each
 * connector runs this against its own emulated peer on loopback.
 */
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Content, Envelope, Part } from '../core/message.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Reason } from '../core/reason.ts'
import type { Attempt, Connector } from '../engine/ports/connector.ts'

/** A request whose last byte reached the peer. */
export interface SeenRequest {
  /** The id by which the peer would know a repetition. */
  readonly id: string
  /** Contents of the parts, decoded. */
  readonly parts: readonly Uint8Array[]
}

export interface OpenedConnector<Play> {
  readonly connector: Connector
  /** What the peer does from now on. */
  play(play: Play): void
  /** Oldest first. */
  readonly seen: readonly SeenRequest[]
}

export interface ConnectorUnderTest<Play> {
  /** A connector and its peer; both end with the test. */
  open(t: TestContext): Promise<OpenedConnector<Play>>
  /** A connector whose peer is not there. */
  openAlone(t: TestContext): Promise<Connector>
  readonly takes: Play
  /** Takes the last byte and answers this much later. */
  late(ms: number): Play
  /** Takes the last byte and never answers. */
  readonly silent: Play
  /** Breaks the line when it has the last byte. */
  readonly breaksAfter: Play
  /** Breaks the line before the content; absent where the protocol has no such moment. */
  readonly breaksBefore?: Play
  /** Answers and what they mean; the peer's words must be kept. */
  readonly replies: readonly (readonly [string, Play, Outcome['kind'], Reason, words: RegExp])[]
  /** What must never be in an outcome. */
  readonly secrets: readonly string[]
  /** A message it takes and the contents the peer sees; absent: a picture and a text. */
  readonly message?: {
    attemptFor(number: string, serial: number): Attempt
    readonly parts: readonly Uint8Array[]
  }
}

/** An abort ends an attempt within this, in milliseconds. */
const ABORT_MS_MAX = 100
const PICTURE = Buffer.from([0, 1, 13, 10, 46, 13, 10, 46, 10, 128, 255])
const TEXT = Buffer.from('.a dot first\r\nand an ü\r\n')

const ENVELOPE: Envelope = {
  sender: { kind: 'short-code', text: '12345' },
  subject: 'A bell',
  messageClass: 'informational',
  priority: 'normal',
  senderVisible: true,
  adaptationAllowed: true,
  deliveryReports: true,
  readReports: false,
}

/** An attempt with a picture and a text. */
export function attemptFor(number: string, serial = 1): Attempt {
  const part = (mediaType: string, offset: number, bytes: Uint8Array): Part => ({
    mediaType,
    contentType: mediaType,
    encoding: 'binary',
    offset,
    length: bytes.length,
    decodedLength: bytes.length,
  })
  const content: Content = {
    parts: [part('image/png', 0, PICTURE), part('text/plain', PICTURE.length, TEXT)],
    length: PICTURE.length + TEXT.length,
    extents: [],
  }
  const messageId = String(123456789012345000n + BigInt(serial))
  return {
    messageId,
    index: 0,
    accountId: 'tenant',
    key: `${messageId}-0`,
    number: 1,
    recipient: { kind: 'number', text: number },
    envelope: ENVELOPE,
    acceptedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    expiresAt: Date.UTC(2026, 0, 5, 3, 4, 5),
    dialect: 'sinch',
    content,
    async *open({ offset }) {
      yield offset === 0 ? PICTURE : TEXT
    },
  }
}

const RECIPIENT = '15550100123'
const never = new AbortController().signal

async function reached<Play>({ seen }: OpenedConnector<Play>, count: number): Promise<void> {
  while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 1))
}

export function describeConnector<Play>(name: string, under: ConnectorUnderTest<Play>): void {
  const { parts } = under.message ?? { parts: [PICTURE, TEXT] }
  const attemptTo = (number: string, serial = 1) =>
    (under.message?.attemptFor ?? attemptFor)(number, serial)
  const outcomes: Outcome[] = []
  const strangers: string[] = []
  const deliver = async (connector: Connector, attempt: Attempt, signal = never) => {
    const outcome = await connector.deliver(attempt, signal)
    outcomes.push(outcome)
    return outcome
  }
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.once('connect', () => {
      const { remoteAddress = '' } = socket
      if (!/^(127\.|::1$|::ffff:127\.)/.test(remoteAddress)) strangers.push(remoteAddress)
    })
  }

  describe(name, () => {
    before(() => subscribe('net.client.socket', watch))
    after(() => unsubscribe('net.client.socket', watch))

    test('hands a message over whole, under its key', async (t) => {
      const opened = await under.open(t)
      opened.play(under.takes)
      await opened.connector.open()
      const outcome = await deliver(opened.connector, attemptTo(RECIPIENT))
      assert.ok(outcome.kind === 'submitted' || outcome.kind === 'delivered', outcome.kind)
      assert.deepEqual(
        opened.seen.map(({ parts }) => parts.map((bytes) => [...bytes])),
        [parts.map((bytes) => [...bytes])],
      )
    })

    test('makes one attempt when asked for one, and names its repetition alike', async (t) => {
      const opened = await under.open(t)
      opened.play(under.takes)
      for (const number of [1, 2]) {
        await deliver(opened.connector, { ...attemptTo(RECIPIENT), number })
      }
      await deliver(opened.connector, attemptTo(RECIPIENT, 2))
      const [first, again, other] = opened.seen.map(({ id }) => id)
      assert.equal(opened.seen.length, 3)
      assert.equal(again, first)
      assert.notEqual(other, first)
    })

    for (const [words, play, kind, reason, raw] of under.replies) {
      test(`${words} is ${kind}: ${reason}`, async (t) => {
        const { connector, play: peer } = await under.open(t)
        peer(play)
        const outcome = await deliver(connector, attemptTo(RECIPIENT))
        assert.equal(outcome.kind, kind, JSON.stringify(outcome))
        assert.equal('reason' in outcome ? outcome.reason : undefined, reason)
        assert.match(outcome.raw ?? '', raw, 'the peer’s words are kept')
      })
    }

    test('nobody there is deferred: link-down', async (t) => {
      const outcome = await deliver(await under.openAlone(t), attemptTo(RECIPIENT))
      assert.equal(outcome.kind, 'deferred')
      assert.equal('reason' in outcome && outcome.reason, 'link-down')
    })

    test('a line that breaks after the last byte is unknown, and the next attempt works', async (t) => {
      const opened = await under.open(t)
      opened.play(under.breaksAfter)
      assert.equal((await deliver(opened.connector, attemptTo(RECIPIENT))).kind, 'unknown')
      opened.play(under.takes)
      const outcome = await deliver(opened.connector, attemptTo(RECIPIENT))
      assert.ok(outcome.kind === 'submitted' || outcome.kind === 'delivered', outcome.kind)
    })

    const { breaksBefore } = under
    if (breaksBefore !== undefined) {
      test('a line that breaks before the content is deferred', async (t) => {
        const { connector, play } = await under.open(t)
        play(breaksBefore)
        assert.equal((await deliver(connector, attemptTo(RECIPIENT))).kind, 'deferred')
      })
    }

    test('an abort ends a silent attempt at once, as unknown', async (t) => {
      const opened = await under.open(t)
      opened.play(under.silent)
      const abort = new AbortController()
      const running = deliver(opened.connector, attemptTo(RECIPIENT), abort.signal)
      await reached(opened, 1)
      const since = performance.now()
      abort.abort()
      assert.equal((await running).kind, 'unknown')
      assert.ok(performance.now() - since < ABORT_MS_MAX)
    })

    test('an attempt aborted before it began is deferred, and nothing was sent', async (t) => {
      const opened = await under.open(t)
      opened.play(under.takes)
      const outcome = await deliver(opened.connector, attemptTo(RECIPIENT), AbortSignal.abort())
      assert.equal(outcome.kind, 'deferred')
      assert.equal(opened.seen.length, 0)
    })

    test('close lets the attempt under way end', async (t) => {
      const opened = await under.open(t)
      opened.play(under.late(60))
      const running = deliver(opened.connector, attemptTo(RECIPIENT))
      await reached(opened, 1)
      const closed = opened.connector.close()
      const outcome = await running
      await closed
      assert.ok(outcome.kind === 'submitted' || outcome.kind === 'delivered', outcome.kind)
    })

    test('no outcome tells a secret, and nothing left the loopback address', () => {
      const said = JSON.stringify(outcomes)
      for (const secret of under.secrets) assert.ok(!said.includes(secret))
      assert.deepEqual(strangers, [])
    })
  })
}
