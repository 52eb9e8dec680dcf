/** What an idle gateway and a held upload cost in memory, and how long a start takes. */
import { mkdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { benchDirectory, KEPT } from './directory.ts'
import { atMost, type Figure, told } from './figure.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { answerLength, drive, SERIAL_DIGITS } from './http-load.ts'
import { residentBytes } from './machine.ts'
import { medianOf } from './median.ts'
import type { Section } from './section.ts'
import { type SubmitRequest, writeSubmit } from './submit-request.ts'

const KIB = 1024
const MIB = KIB * KIB
/** Uploads of one size: how many are held at first, and at last. */
interface Uploads {
  readonly kib: number
  /** The difference is what uploads cost, without what the first cost. */
  readonly few: number
  readonly many: number
  /** What each may cost. */
  readonly costKibMax: number
}

const UPLOADS: Uploads = { kib: 600, few: 100, many: 300, costKibMax: 256 }
/** The largest message an account may send. */
const LARGE_UPLOADS: Uploads = { kib: 5 * KIB, few: 4, many: 24, costKibMax: 2 * KIB }
/** Requests of all uploads are numbered from here, so that none repeats another. */
const WARM_UP_SERIAL = 1000
const IDLE_CONNECTIONS = 1000
const IDLE_CONNECTIONS_MIB_MAX = 60
/** Opened at a time, as no listen queue is without end. */
const OPENED_AT_ONCE = 50
const SMALL_KIB = 4
const IDLE_MIB_MAX = 90
const START_MS_MAX = 300
const STARTS = 5
const SETTLE_MS = 2000
const HOLD_MS = 3000
const LOOK_MS = 100
const WARM_UP_MS = 300

export const memory: Section = {
  name: 'memory',
  title: 'Memory and start',
  about:
    `Uploads of ${UPLOADS.kib} KB, each held when half of it was sent: the largest resident memory ` +
    `with ${UPLOADS.many} of them less that with ${UPLOADS.few}, for each; the same for messages of ` +
    `${LARGE_UPLOADS.kib / KIB} MiB, ${LARGE_UPLOADS.many} less ${LARGE_UPLOADS.few}. What the first ` +
    'cost more is caches of fixed size and a heap that grows once. Connections: kept open behind one ' +
    'accepted request each. Idle: a fresh process on an empty folder that has a directory, two ' +
    'seconds after its start. Start: from spawning the process to its word that it listens.',
  async run({ folder, say }) {
    const data = join(folder, 'memory')
    await mkdir(data, { recursive: true })
    try {
      return [
        ...(await measureStart(data, say)),
        ...(await measureUploads(data, UPLOADS, say)),
        ...(await measureUploads(data, LARGE_UPLOADS, say)),
        ...(await measureConnections(data, say)),
      ]
    } finally {
      await rm(data, { recursive: true })
    }
  },
}

async function measureStart(data: string, say: (line: string) => void): Promise<Figure[]> {
  say(`memory: ${STARTS} starts`)
  const starts: number[] = []
  const idle: number[] = []
  for (let start = 0; start < STARTS; start += 1) {
    const gateway = await startGateway({ data })
    if (start === 0) await gateway.provision(benchDirectory({}))
    await pause(SETTLE_MS)
    starts.push(gateway.startMs)
    idle.push(residentBytes(gateway.pid) / MIB)
    await gateway.stop()
  }
  // The first start made the folder; the others found a directory in it.
  const startMs = medianOf(starts)
  const idleMib = medianOf(idle.slice(1))
  return [
    {
      ...told('process start to listening', startMs, 'ms'),
      bounds: [atMost(startMs, START_MS_MAX, 'ms')],
    },
    {
      ...told('idle: resident memory', idleMib, 'MiB'),
      bounds: [atMost(idleMib, IDLE_MIB_MAX, 'MiB')],
    },
  ]
}

async function measureUploads(
  data: string,
  { kib, few, many, costKibMax }: Uploads,
  say: (line: string) => void,
): Promise<Figure[]> {
  say(`memory: ${many} uploads of ${kib} KB held`)
  const gateway = await startGateway({ data })
  try {
    const submit = writeSubmit(KEPT, kib * KIB)
    await warmUp(gateway, submit)
    const before = residentBytes(gateway.pid)
    const uploads: (() => Promise<void>)[] = []
    const hold = async (count: number) => {
      const from = uploads.length
      const more = Array.from({ length: count - from }, (_, index) =>
        beginUpload(gateway.httpPort, submit, from + index),
      )
      uploads.push(...(await Promise.all(more)))
      return largestResident(gateway.pid)
    }
    const atFirst = await hold(few)
    const atLast = await hold(many)
    await Promise.all(uploads.map((end) => end()))
    const each = (atLast - atFirst) / (many - few) / KIB
    return [
      told(`before uploads of ${kib} KB: resident memory`, before / MIB, 'MiB'),
      told(`${few} uploads of ${kib} KB held half-way: resident memory`, atFirst / MIB, 'MiB'),
      {
        ...told(`each upload of ${kib} KB more`, each, 'KiB'),
        bounds: [atMost(each, costKibMax, 'KiB')],
      },
    ]
  } finally {
    await gateway.stop()
  }
}

async function measureConnections(data: string, say: (line: string) => void): Promise<Figure[]> {
  say(`memory: ${IDLE_CONNECTIONS} idle connections`)
  const gateway = await startGateway({ data })
  const sockets: Socket[] = []
  try {
    const submit = writeSubmit(KEPT, SMALL_KIB * KIB)
    await warmUp(gateway, submit)
    const before = residentBytes(gateway.pid)
    while (sockets.length < IDLE_CONNECTIONS) {
      const from = sockets.length
      const more = Array.from({ length: OPENED_AT_ONCE }, (_, index) =>
        useOnce(gateway.httpPort, numbered(submit, from + index)),
      )
      sockets.push(...(await Promise.all(more)))
    }
    const cost = ((await largestResident(gateway.pid)) - before) / MIB
    return [
      {
        ...told(`${IDLE_CONNECTIONS} idle keep-alive connections`, cost, 'MiB'),
        bounds: [atMost(cost, IDLE_CONNECTIONS_MIB_MAX, 'MiB')],
      },
    ]
  } finally {
    for (const socket of sockets) socket.destroy()
    await gateway.stop()
  }
}

/** A connection that had one request accepted, and stays open. */
function useOnce(port: number, request: Uint8Array): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    hear(socket, () => resolve(socket), reject)
    socket.write(request)
  })
}

async function largestResident(pid: number): Promise<number> {
  let largest = 0
  for (let heldMs = 0; heldMs < HOLD_MS; heldMs += LOOK_MS) {
    await pause(LOOK_MS)
    largest = Math.max(largest, residentBytes(pid))
  }
  return largest
}

/** So that compiled code and grown heaps are not counted as the uploads'. */
async function warmUp({ httpPort }: GatewayProcess, submit: SubmitRequest): Promise<void> {
  await drive({
    port: httpPort,
    connections: 1,
    forMs: WARM_UP_MS,
    request: submit.bytes,
    vary: submit.vary,
    serial: WARM_UP_SERIAL,
    expect: '>1000<',
  })
  await pause(SETTLE_MS)
}

/** The request with a number of its own. */
function numbered({ bytes, vary }: SubmitRequest, index: number): Buffer {
  const request = Buffer.from(bytes)
  request.write(String(index).padStart(SERIAL_DIGITS, '0'), vary, 'latin1')
  return request
}

/** Sends half; the answer sends the rest and waits for a 1000. */
function beginUpload(
  port: number,
  submit: SubmitRequest,
  index: number,
): Promise<() => Promise<void>> {
  const request = numbered(submit, index)
  const half = request.length >> 1
  return new Promise((sent, failed) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(request.subarray(0, half), () => sent(() => finish(socket, request, half)))
    })
    socket.once('error', failed)
  })
}

function finish(socket: Socket, request: Buffer, half: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      socket.destroy()
      resolve()
    }
    hear(socket, end, reject)
    socket.write(request.subarray(half))
  })
}

/** Waits for a 1000. */
function hear(socket: Socket, accepted: () => void, failed: (error: Error) => void): void {
  let got = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    got = Buffer.concat([got, chunk])
    if (answerLength(got) === undefined) return
    if (got.includes('>1000<')) accepted()
    else failed(new Error(`a held request was refused: ${got.toString('latin1')}`))
  })
  socket.on('error', failed)
}
