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
const UPLOAD_KIB = 600
/** Held at first, and at last: the difference is what uploads cost, without what the first costs. */
const UPLOADS_FEW = 100
const UPLOADS_MANY = 300
const UPLOAD_KIB_MAX = 256
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
    `Uploads of ${UPLOAD_KIB} KB, each held when half of it was sent: the largest resident memory ` +
    `with ${UPLOADS_MANY} of them less that with ${UPLOADS_FEW}, for each. What the first hundred ` +
    'cost more is caches of fixed size and a heap that grows once. Idle: a fresh process on an empty folder that has a directory, two ' +
    'seconds after its start. Start: from spawning the process to its word that it listens.',
  async run({ folder, say }) {
    const data = join(folder, 'memory')
    await mkdir(data, { recursive: true })
    try {
      return [...(await measureStart(data, say)), ...(await measureUploads(data, say))]
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

async function measureUploads(data: string, say: (line: string) => void): Promise<Figure[]> {
  say(`memory: ${UPLOADS_MANY} uploads held`)
  const gateway = await startGateway({ data })
  try {
    const submit = writeSubmit(KEPT, UPLOAD_KIB * KIB)
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
    const few = await hold(UPLOADS_FEW)
    const many = await hold(UPLOADS_MANY)
    await Promise.all(uploads.map((end) => end()))
    const each = (many - few) / (UPLOADS_MANY - UPLOADS_FEW) / KIB
    return [
      told('before uploads: resident memory', before / MIB, 'MiB'),
      told(`${UPLOADS_FEW} uploads held half-way: resident memory`, few / MIB, 'MiB'),
      {
        ...told(`each upload of ${UPLOAD_KIB} KB more`, each, 'KiB'),
        bounds: [atMost(each, UPLOAD_KIB_MAX, 'KiB')],
      },
    ]
  } finally {
    await gateway.stop()
  }
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
    serial: UPLOADS_MANY,
    expect: '>1000<',
  })
  await pause(SETTLE_MS)
}

/** Sends half; the answer sends the rest and waits for a 1000. */
function beginUpload(
  port: number,
  { bytes, vary }: SubmitRequest,
  index: number,
): Promise<() => Promise<void>> {
  const request = Buffer.from(bytes)
  request.write(String(index).padStart(SERIAL_DIGITS, '0'), vary, 'latin1')
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
    let got = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      if (answerLength(got) === undefined) return
      socket.destroy()
      if (got.includes('>1000<')) resolve()
      else reject(new Error(`a held upload was refused: ${got.toString('latin1')}`))
    })
    socket.on('error', reject)
    socket.write(request.subarray(half))
  })
}
