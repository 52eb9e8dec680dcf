/** Memory of a gateway with many bound SMPP clients that say nothing. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { encodePdu } from '../src/codecs/smpp/encode.ts'
import { benchDirectory, boundAccount, SMPP_PASSWORD, SMPP_SESSIONS_MAX } from './directory.ts'
import { atMost, type Figure, told } from './figure.ts'
import { startGateway } from './gateway-process.ts'
import { residentBytes } from './machine.ts'
import type { Bench } from './section.ts'

const MIB = 1024 * 1024
const SESSIONS = 10_000
const RESIDENT_MIB_MAX = 400
/** Opened at a time, as no listen queue is without end. */
const OPENED_AT_ONCE = 100
/** The door lets one address try so many binds at once; on Linux all of 127/8 is this machine. */
const PER_ADDRESS = 20
const ADDRESSES_PER_NET = 250
const SETTLE_MS = 5000
/** Nobody says anything while memory is looked at. */
const ENQUIRE_LINK_MS = 60_000
const HEADER_OCTETS = 16
const STATUS_AT = 8

interface Order {
  readonly port: number
  readonly sessions: number
}

/** Binds `SESSIONS` clients of ten accounts and looks at the gateway. */
export async function measureIdleSessions({ folder, say }: Bench): Promise<Figure[]> {
  const data = join(folder, 'smpp-idle')
  await mkdir(data, { recursive: true })
  const gateway = await startGateway({
    data,
    set: [
      `smpp.sessionsMax=${SESSIONS + SMPP_SESSIONS_MAX}`,
      `smpp.sessionsPerAddressMax=${SESSIONS + SMPP_SESSIONS_MAX}`,
      `smpp.enquireLinkMs=${ENQUIRE_LINK_MS}`,
    ],
  })
  let clients: ChildProcess | undefined
  try {
    await gateway.provision(benchDirectory({ bound: SESSIONS / SMPP_SESSIONS_MAX }))
    await pause(SETTLE_MS)
    const before = residentBytes(gateway.pid) / MIB
    say(`smpp: ${SESSIONS} sessions`)
    const child = fork(fileURLToPath(import.meta.url), ['hold'])
    clients = child
    const answer = once(child, 'message')
    child.send({ port: gateway.smppPort, sessions: SESSIONS } satisfies Order)
    const [bound] = await Promise.race([answer, once(child, 'exit').then(() => ['nobody'])])
    if (bound !== SESSIONS) throw new Error(`not all clients could bind: ${bound}`)
    await pause(SETTLE_MS)
    const after = residentBytes(gateway.pid) / MIB
    return [
      {
        ...told(`${SESSIONS} bound idle sessions: resident memory`, after, 'MiB'),
        bounds: [atMost(after, RESIDENT_MIB_MAX, 'MiB')],
      },
      told('one bound idle session more', ((after - before) * 1024) / SESSIONS, 'KiB'),
    ]
  } finally {
    clients?.kill('SIGKILL')
    await gateway.stop()
    await rm(data, { recursive: true })
  }
}

/** Binds and keeps; resolves with how many were let in. */
async function hold({ port, sessions }: Order): Promise<number | string> {
  const kept: Socket[] = []
  for (let from = 0; from < sessions; from += OPENED_AT_ONCE) {
    const more = Array.from({ length: Math.min(OPENED_AT_ONCE, sessions - from) }, (_, index) =>
      bind(port, from + index),
    )
    try {
      kept.push(...(await Promise.all(more)))
    } catch (error) {
      return `${kept.length}, then ${error}`
    }
  }
  return kept.length
}

function bind(port: number, index: number): Promise<Socket> {
  const address = Math.floor(index / PER_ADDRESS)
  const net = 1 + Math.floor(address / ADDRESSES_PER_NET)
  const localAddress = `127.0.${net}.${1 + (address % ADDRESSES_PER_NET)}`
  const encoded = encodePdu({
    commandStatus: 0,
    sequenceNumber: 1,
    body: {
      command: 'bind_transceiver',
      systemId: boundAccount(Math.floor(index / SMPP_SESSIONS_MAX)).id,
      password: SMPP_PASSWORD,
      systemType: '',
      interfaceVersion: 0x34,
      addressRange: { ton: 0, npi: 0, addr: '' },
      tlvs: {},
    },
  })
  if (encoded.kind === 'refused') throw new Error(encoded.field)
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () =>
      socket.write(encoded.bytes),
    )
    socket.once('data', (answer: Buffer) => {
      const told = answer.length < HEADER_OCTETS ? -1 : answer.readUInt32BE(STATUS_AT)
      if (told === 0) resolve(socket)
      else reject(new Error(`bind was answered ${told}`))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
  })
}

if (process.argv[2] === 'hold' && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', async (order) => {
    process.send?.(await hold(order as Order))
  })
}
