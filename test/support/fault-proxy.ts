/**
 * A line that does harm: a TCP proxy on loopback between two peers, which resets, goes silent, slows
 * down, garbles, hangs up and refuses, says a whole request twice, or lets an answer be overtaken,
 * as a seed has it. It keeps what a judge must know: which messages it garbled and which it repeated.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Random } from '../sim/random.ts'
import { createFrameFault, type FrameFault } from './fault-frames.ts'
import { openPipe, type Pipe } from './fault-pipe.ts'
import { drawFault, type Fault, type FaultKind, type Harm, type Way } from './fault-plan.ts'
import { sayAgain, type Unit, type UnitWatch, watchHttp, watchSmtp } from './fault-units.ts'

export type LineProtocol = 'smtp' | 'http' | 'smpp'

export interface FaultProxyOptions {
  readonly protocol: LineProtocol
  /** Where it leads; asked for each connection. */
  readonly target: () => number
  /** Finds what names a message in the bytes of a conversation. */
  readonly marks: RegExp
  /** From which loopback address it connects: peers are known by theirs. */
  readonly localAddress?: string
}

export interface FaultProxy {
  readonly port: number
  /** From now on connections suffer, those that are there and new ones. */
  harm(random: Random, harm: Harm): void
  /** Whatever hangs is reset, whatever waits passes, and nothing is harmed any more. */
  heal(): Promise<void>
  /** How often each kind struck. */
  readonly struck: ReadonlyMap<FaultKind, number>
  /** Marks on connections that were garbled, with the times. */
  readonly garbled: ReadonlyMap<string, number>
  /** Marks of requests that the line said again, with the times. */
  readonly replayed: ReadonlyMap<string, number>
  /**
   * For tests of the judge, and no fault of a line: whole requests are shown here, and one that gets
   * an answer from here goes no further.
   */
  forge(answer: (request: Buffer) => Uint8Array | undefined): void
  close(): Promise<void>
}

interface Link {
  readonly sockets: Readonly<Record<Way, Socket>>
  readonly pipes: Readonly<Record<Way, Pipe>>
  readonly passed: Record<Way, number>
  readonly watch: UnitWatch | undefined
  readonly frames: Partial<Record<Way, FrameFault>>
  fault: Fault | undefined
  struck: boolean
  /** Bytes were lost or garbled: it cannot go on when all is healed. */
  spoilt: boolean
  /** What passed since it became faulty, both ways, where a garbled one must be found. */
  said: string
  /** The beginning of a request that is to be shown whole. */
  shown: Buffer
}

const SAID_CHARS_MAX = 512 * 1024
const MARK_CHARS_MAX = 100
const REPLAY_MS_MAX = 1000
const FRAMES_SKIPPED_MAX = 3

export async function openFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { protocol, target, marks, localAddress = '127.0.0.1' } = options
  const struck = new Map<FaultKind, number>()
  const garbled = new Map<string, number>()
  const replayed = new Map<string, number>()
  const links = new Set<Link>()
  const replays = new Set<Promise<void>>()
  let draw: (() => Fault | undefined) | undefined
  let refusedUntil = 0
  let forged: Parameters<FaultProxy['forge']>[0] | undefined

  const server = createServer((client) => {
    if (Date.now() < refusedUntil) client.resetAndDestroy()
    else join(client)
  })

  function join(client: Socket): void {
    const far = connect({ host: '127.0.0.1', port: target(), localAddress })
    const link: Link = {
      sockets: { up: client, down: far },
      pipes: { up: openPipe(client, far), down: openPipe(far, client) },
      passed: { up: 0, down: 0 },
      watch: watchOf(),
      frames: {},
      fault: undefined,
      struck: false,
      spoilt: false,
      said: '',
      shown: Buffer.alloc(0),
    }
    links.add(link)
    infect(link)
    for (const way of ['up', 'down'] as const) {
      const socket = link.sockets[way]
      const other = way === 'up' ? far : client
      socket.setNoDelay(true)
      socket.on('data', (chunk: Buffer) => take(link, way, chunk))
      socket.on('error', () => other.destroy())
      socket.on('end', () => link.pipes[way].end())
      socket.on('close', () => {
        link.pipes[way].end()
        link.pipes[way === 'up' ? 'down' : 'up'].close()
        if (client.destroyed && far.destroyed) links.delete(link)
      })
    }
  }

  function watchOf(): UnitWatch | undefined {
    if (protocol === 'smpp') return undefined
    return protocol === 'smtp' ? watchSmtp() : watchHttp()
  }

  function infect(link: Link): void {
    const fault = draw?.()
    link.passed.up = 0
    link.passed.down = 0
    link.struck = false
    link.said = ''
    link.fault = fault
    if (protocol !== 'smpp' || fault === undefined) return
    if (fault.kind !== 'duplicate' && fault.kind !== 'reorder') return
    link.frames[fault.way] = createFrameFault(fault.kind, fault.atByte % FRAMES_SKIPPED_MAX)
  }

  function count(kind: FaultKind): void {
    struck.set(kind, (struck.get(kind) ?? 0) + 1)
  }

  function remember(into: Map<string, number>, text: string): void {
    for (const mark of new Set(text.match(marks) ?? [])) into.set(mark, (into.get(mark) ?? 0) + 1)
  }

  function take(link: Link, way: Way, chunk: Buffer): void {
    if (forged !== undefined && way === 'up') {
      show(link, chunk, forged)
      return
    }
    const unit = way === 'up' ? link.watch?.up(chunk) : link.watch?.down(chunk)
    const { fault } = link
    if (fault === undefined) link.pipes[way].push(chunk)
    else suffer(link, fault, way, chunk, unit ?? undefined)
  }

  function show(link: Link, chunk: Buffer, answerOf: NonNullable<typeof forged>): void {
    link.shown = Buffer.concat([link.shown, chunk])
    if (link.watch !== undefined && link.watch.up(chunk) === undefined) return
    const answer = answerOf(link.shown)
    if (answer === undefined) link.pipes.up.push(link.shown)
    else link.sockets.up.write(answer)
    link.shown = Buffer.alloc(0)
  }

  function suffer(link: Link, fault: Fault, way: Way, chunk: Buffer, unit?: Unit): void {
    if (fault.kind === 'garbage') overhear(link, chunk)
    const frames = link.frames[way]
    if (frames !== undefined) {
      passFrames(link, fault, way, frames.pass(chunk))
      return
    }
    const from = link.passed[way]
    link.passed[way] += chunk.length
    if (unit !== undefined && !link.struck) strikeUnit(link, fault, unit)
    const mine = fault.way === way && fault.kind !== 'duplicate' && fault.kind !== 'reorder'
    if (!mine || link.struck || from + chunk.length <= fault.atByte) {
      link.pipes[way].push(chunk)
      return
    }
    const at = Math.max(0, fault.atByte - from)
    link.struck = true
    count(fault.kind)
    strike(link, fault, way, chunk.subarray(0, at), chunk.subarray(at))
  }

  function strike(link: Link, fault: Fault, way: Way, head: Buffer, tail: Buffer): void {
    const pipe = link.pipes[way]
    switch (fault.kind) {
      case 'slow':
        pipe.push(head)
        pipe.slow(fault.bytesPerBeat)
        pipe.push(tail)
        return
      case 'garbage':
        link.spoilt = true
        remember(garbled, link.said)
        pipe.push(Buffer.concat([head, fault.garbage, tail]))
        return
      case 'half-open':
        link.spoilt = true
        pipe.push(head)
        pipe.mute()
        if (fault.bothWays) link.pipes[way === 'up' ? 'down' : 'up'].mute()
        return
      case 'cut':
        refusedUntil = Date.now() + fault.lastsMs
        pipe.push(head)
        pipe.end()
        link.sockets[way].end()
        return
      default:
        pipe.push(head)
        // What was written leaves before the reset does.
        setImmediate(() => breakOff(link))
    }
  }

  /** Says a whole request twice, or lets others come before its answer. */
  function strikeUnit(link: Link, fault: Fault, unit: Unit): void {
    if (fault.kind === 'reorder') {
      link.struck = true
      count('reorder')
      link.pipes.down.hold(fault.lastsMs)
    }
    if (fault.kind !== 'duplicate') return
    link.struck = true
    count('duplicate')
    remember(replayed, Buffer.concat(unit.turns).toString('latin1'))
    const again = waitFor(fault.atOnce ? 0 : fault.lastsMs)
      .then(() => sayAgain(unit, { port: target(), localAddress }, REPLAY_MS_MAX))
      .finally(() => replays.delete(again))
    replays.add(again)
  }

  function passFrames(link: Link, fault: Fault, way: Way, bytes: Buffer): void {
    const frames = link.frames[way]
    const [frame] = frames?.struck ?? []
    if (frame !== undefined && !link.struck) {
      link.struck = true
      count(fault.kind)
      if (fault.kind === 'duplicate') remember(replayed, frame.toString('latin1'))
      // Whatever was to go first has this long to come.
      else setTimeout(() => passRest(link, way), fault.lastsMs)
    }
    link.pipes[way].push(bytes)
  }

  function passRest(link: Link, way: Way): void {
    const frames = link.frames[way]
    if (frames === undefined) return
    delete link.frames[way]
    link.pipes[way].push(frames.rest())
  }

  /** Keeps what is said on a line that is or will be garbled. */
  function overhear(link: Link, chunk: Buffer): void {
    const text = chunk.toString('latin1')
    link.said = `${link.said}${text}`.slice(-SAID_CHARS_MAX)
    // Whoever is named from now on may be named wrongly, also by a name that came in two pieces.
    if (link.struck) remember(garbled, link.said.slice(-text.length - MARK_CHARS_MAX))
  }

  function breakOff({ sockets, pipes }: Link): void {
    for (const way of ['up', 'down'] as const) {
      pipes[way].close()
      sockets[way].resetAndDestroy()
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    struck,
    garbled,
    replayed,
    harm(random, harm) {
      draw = () => drawFault(random, harm)
      for (const link of links) infect(link)
    },
    async heal() {
      draw = undefined
      refusedUntil = 0
      for (const link of links) {
        link.fault = undefined
        for (const way of ['up', 'down'] as const) {
          passRest(link, way)
          link.pipes[way].release()
        }
        if (link.spoilt) breakOff(link)
      }
      await Promise.all(replays)
    },
    forge(answer) {
      forged = answer
    },
    async close() {
      draw = undefined
      await Promise.all(replays)
      for (const link of links) breakOff(link)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
