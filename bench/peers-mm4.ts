/** MM4 in, and in and out again, against smtp-sink and Postfix with the same smtp-source. */
import { writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reservePort } from '../test/support/gateway-process.ts'
import { until } from '../test/support/inbox.ts'
import { listening, runPeer, startPeer } from '../test/support/peer-process.ts'
import { openHub } from '../test/support/postfix.ts'
import { openBareSmtp } from './bare-smtp.ts'
import { CARRIER_DOMAIN } from './directory.ts'
import { atLeast, type Figure, type Floor, told } from './figure.ts'
import { startGateway } from './gateway-process.ts'
import { medianOf } from './median.ts'
import { createClosing, shareOf } from './peers.ts'
import type { Bench } from './section.ts'
import { readThreadsCpu } from './threads.ts'

/** Mails of one round by their size in KiB, and what they must reach, as a share of each floor. */
const SIZES = [
  { kib: 10, mails: 3000, relaySink: undefined, relayPostfix: 2, accept: undefined },
  { kib: 100, mails: 1000, relaySink: 0.5, relayPostfix: 2, accept: 1.2 },
  { kib: 300, mails: 400, relaySink: undefined, relayPostfix: 1.5, accept: undefined },
] as const
const ROUNDS = 3
const WARM_UP_MAILS = 1000
const SESSIONS = 16
const TIMEOUT_MS = 120_000
/** The gateway's MM4 domain, by default. */
const DOMAIN = 'carillon.localhost'
const CLIENT_DOMAIN = 'mms.client.example'
const SENDER = '24690'
const PER_SECOND_MAX = 100_000
const PER_SECOND_MIN = 0.001

/** What took part in one round, in mails a second, and what a mail cost the gateway, in µs of CPU. */
interface Round {
  readonly sink: number
  readonly bare: number
  readonly accept: number
  readonly acceptCpu: number
  readonly relay: number
  readonly relayCpu: number
  readonly postfix: number
}

export async function measureMm4(bench: Bench): Promise<Figure[]> {
  const folder = join(bench.folder, 'peers')
  await mkdir(folder, { recursive: true })
  const figures: Figure[] = []
  try {
    for (const size of SIZES) {
      const file = join(folder, `mail-${size.kib}.eml`)
      writeFileSync(file, mailOf(size.kib * 1024))
      const rounds = await measureSize(bench, folder, file, size)
      figures.push(...figuresOf(size, rounds))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return figures
}

async function measureSize(
  bench: Bench,
  folder: string,
  file: string,
  { kib, mails }: (typeof SIZES)[number],
): Promise<Round[]> {
  const count = shareOf(mails)
  const closing = createClosing()
  try {
    const sink = await openSink(closing, folder)
    const { port: relayedTo } = sink
    const keeping = await openMm4(join(folder, `keep-${kib}`), { still: true, port: relayedTo })
    closing.after(keeping.close)
    const relaying = await openMm4(join(folder, `relay-${kib}`), { port: relayedTo })
    closing.after(relaying.close)
    const hub = await openHub(closing, { routes: { [DOMAIN]: relayedTo } })
    const bare = await openBareSmtp(join(folder, `bare-${kib}.tmp`))
    closing.after(bare.close)
    const flood = (port: number, wanted = count) => floodWith(folder, file, port, wanted)
    const through = (port: number, wanted = count) => sink.timed(wanted, () => flood(port, wanted))
    bench.say(`peers, MM4 at ${kib} KB: warming up`)
    const warmUp = shareOf(WARM_UP_MAILS)
    await flood(bare.port, warmUp)
    await flood(keeping.smtpPort, warmUp)
    await through(relaying.smtpPort, warmUp)
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      bench.say(`peers, MM4 at ${kib} KB, round ${round + 1}`)
      const kept = await keeping.costOf(() => timed(() => flood(keeping.smtpPort)))
      const relayed = await relaying.costOf(() => through(relaying.smtpPort))
      rounds.push({
        sink: count / (await timed(() => flood(sink.port))),
        bare: count / (await timed(() => flood(bare.port))),
        accept: count / kept.seconds,
        acceptCpu: kept.cpuUs / count,
        relay: count / relayed.seconds,
        relayCpu: relayed.cpuUs / count,
        postfix: count / (await through(hub.port)),
      })
    }
    return rounds
  } finally {
    await closing.close()
  }
}

/** A gateway whose one client is whoever connects from this machine. */
async function openMm4(data: string, way: { readonly port: number; readonly still?: boolean }) {
  await mkdir(data, { recursive: true })
  const gateway = await startGateway({
    data,
    set: ['filter.perMinuteMax=0', 'filter.repeatsMax=0'],
  })
  const mm4 = { host: '127.0.0.1', tls: 'off', connections: SESSIONS }
  await gateway.provision({
    accounts: [
      {
        id: 'bench',
        dialect: 'sinch',
        mm4: { ...mm4, port: way.port, domain: CLIENT_DOMAIN, fromAddresses: ['127.0.0.1'] },
        services: [{ id: 'bench', senders: [SENDER], shared: false, live: true }],
        limits: { callsPerSecond: PER_SECOND_MAX, callsBurst: PER_SECOND_MAX },
      },
    ],
    carriers: [
      {
        name: 'sink',
        mm4: {
          ...mm4,
          port: way.port,
          domain: CARRIER_DOMAIN,
          fromAddresses: ['192.0.2.1'],
          ackRequest: false,
          sendsReports: false,
          ...(way.still === true ? { perSecond: PER_SECOND_MIN, connections: 1 } : {}),
        },
      },
    ],
    routes: [{ name: 'all', carrier: 'sink' }],
  })
  const cpuUs = () => readThreadsCpu(gateway.pid)?.total ?? Number.NaN
  return {
    smtpPort: gateway.smtpPort,
    /** What a load cost the gateway, all threads; not a number where there is no /proc. */
    costOf: async (load: () => Promise<number>) => {
      const before = cpuUs()
      return { seconds: await load(), cpuUs: cpuUs() - before }
    },
    close: () => gateway.stop(),
  }
}

async function timed(body: () => Promise<void>): Promise<number> {
  const since = performance.now()
  await body()
  return (performance.now() - since) / 1000
}

/** Hands the mail over so many times, each to a recipient of its own; all are taken, or it throws. */
async function floodWith(folder: string, file: string, port: number, count: number): Promise<void> {
  const words = ['-d', '-s', SESSIONS, '-m', count, '-N', '-F', file]
  const { code, said } = await runPeer(
    'smtp-source',
    [
      ...words.map(String),
      '-f',
      `${SENDER}@${CLIENT_DOMAIN}`,
      '-t',
      recipient(),
      `127.0.0.1:${port}`,
    ],
    { cwd: folder, timeoutMs: TIMEOUT_MS },
  )
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${said}`)
}

let floods = 0

/** smtp-source writes a number before it; what is after differs for each flood. */
function recipient(): string {
  floods += 1
  return `${String(5_550_100 + floods)}@${DOMAIN}`
}

/** smtp-sink, and how many mails it has had. */
async function openSink(closing: ReturnType<typeof createClosing>, folder: string) {
  const port = await reservePort()
  const sink = startPeer('smtp-sink', ['-c', '-u', 'postfix', `127.0.0.1:${port}`, '1000'], folder)
  closing.after(() => sink.stop())
  await listening(port, sink)
  const had = () => Number(/mesg=([0-9]+)[^=]*$/.exec(sink.said())?.[1] ?? 0)
  return {
    port,
    /** Seconds until it has had so many more. */
    timed: (count: number, body: () => Promise<void>) => {
      const wanted = had() + count
      return timed(async () => {
        await body()
        await until(`${wanted} mails at smtp-sink`, () => had() >= wanted, TIMEOUT_MS)
      })
    },
  }
}

/** A picture that fills the size; its ids are the same each time, its recipients are not. */
function mailOf(bytes: number): string {
  const head = [
    'Date: Sat, 21 Nov 2026 10:00:00 +0000',
    `From: ${SENDER}/TYPE=PLMN@${CLIENT_DOMAIN}`,
    `To: +15550100199/TYPE=PLMN@${DOMAIN}`,
    `Message-ID: <bench@${CLIENT_DOMAIN}>`,
    'MIME-Version: 1.0',
    'Content-Type: image/jpeg',
    'Content-Transfer-Encoding: base64',
    'X-Mms-3GPP-MMS-Version: 6.10.0',
    'X-Mms-Message-Type: MM4_forward.REQ',
    'X-Mms-Transaction-ID: "bench"',
    `X-Mms-Message-ID: "bench@${CLIENT_DOMAIN}"`,
    'X-Mms-Ack-Request: No',
    '',
    '',
  ].join('\n')
  const line = `${'Glocken+'.repeat(9)}AAAA\n`
  return head + line.repeat(Math.ceil((bytes - head.length) / (line.length + 1)))
}

function figuresOf(size: (typeof SIZES)[number], rounds: readonly Round[]): Figure[] {
  const middle = (of: keyof Round) => medianOf(rounds.map((round) => round[of]))
  const floor = (name: string, of: keyof Round): Floor => ({ name, value: middle(of), unit: '/s' })
  const sink = floor(`smtp-sink(${size.kib} KB)`, 'sink')
  const postfix = floor(`Postfix(${size.kib} KB)`, 'postfix')
  const bound = (of: keyof Round, share: number | undefined, against: Floor) =>
    share === undefined ? [] : [atLeast(middle(of), share, against)]
  return [
    {
      ...told(`MM4, accepted durably, ${size.kib} KB`, middle('accept'), '/s'),
      bounds: bound('accept', size.accept, sink),
    },
    told(`MM4, accepted durably, ${size.kib} KB: gateway CPU per mail`, middle('acceptCpu'), 'µs'),
    {
      ...told(`MM4, in, kept and out, ${size.kib} KB`, middle('relay'), '/s'),
      bounds: [
        ...bound('relay', size.relaySink, sink),
        ...bound('relay', size.relayPostfix, postfix),
      ],
    },
    told(`MM4, in, kept and out, ${size.kib} KB: gateway CPU per mail`, middle('relayCpu'), 'µs'),
    told(`smtp-sink alone, ${size.kib} KB`, sink.value, '/s'),
    told(`bare server that only writes and syncs, ${size.kib} KB`, middle('bare'), '/s'),
    told(`Postfix, relaying through its queue, ${size.kib} KB`, postfix.value, '/s'),
  ]
}
