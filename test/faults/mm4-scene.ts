/**
 * MM4 on both sides: a client's MMSC and MM7 clients submit, two carriers take it — one that drops
 * doubles, one that does not —, and handsets of a peer write to a client. Every line may do harm.
 */
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { auditInbound } from '../support/crash-audit.ts'
import { CARRIER_DOMAIN, endOf, type HandsetMessage } from '../support/crash-carrier.ts'
import { CLIENT_KEY, CLIENT_SENDER, OTHER_NUMBER } from '../support/crash-directory.ts'
import { openCrashVasp } from '../support/crash-vasp.ts'
import { FAULT_KINDS, GENTLE_KINDS, type Harm } from '../support/fault-plan.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import type { Evidence, Sent } from './evidence.ts'
import type { Line, Ports, Scene } from './house.ts'
import { type Judged, judge, RUN_MESSAGES_MAX, seedOf } from './judge.ts'
import { MARKS } from './marks.ts'
import { ADDRESSES, openPeer, type Peer, peerEntry } from './mm4-peers.ts'
import { contentOf, createMm7Clients } from './mm7-clients.ts'
import { CAREFUL, DROPPING, recipientOf } from './numbers.ts'

const CLIENT_DOMAIN = 'mms.client.example'
const HANDSET_DOMAIN = 'mms.handsets.example'
const HARD: Harm = { share: 0.6, kinds: FAULT_KINDS }
/** A report to a peer that was away waits for half a minute, so that few may be lost. */
const SOFT: Harm = { share: 0.5, kinds: GENTLE_KINDS }
const SIZES = [300, 2000, 9000, 40_000] as const
/** What one run sends. */
const BY_MM7 = 3
const BY_MM4 = 2
const FROM_HANDSETS = 2

export interface Mm4Scene extends Scene {
  judge(stories: readonly MessageStory[]): Judged
}

export async function openMm4Scene({ httpPort, smtpPort }: Ports): Promise<Mm4Scene> {
  const vasp = await openCrashVasp()
  vasp.behave()
  const http = { protocol: 'http' as const, marks: MARKS }
  const north = await openFaultProxy({ ...http, target: () => httpPort })
  const vaspPort = Number(new URL(vasp.url).port)
  const callback = await openFaultProxy({ ...http, target: () => vaspPort })
  const dropping = await openPeer(ADDRESSES.dropping, smtpPort, CARRIER_DOMAIN)
  const careful = await openPeer(ADDRESSES.careful, smtpPort, CARRIER_DOMAIN)
  const client = await openPeer(ADDRESSES.client, smtpPort, CLIENT_DOMAIN)
  const handsets = await openPeer(ADDRESSES.handsets, smtpPort, HANDSET_DOMAIN)
  const peers = [dropping, careful, client, handsets]
  const lines: Line[] = [
    ...[north, callback, dropping.out, dropping.back, careful.out, careful.back].map((proxy) => ({
      proxy,
      harm: HARD,
    })),
    ...[client.back, handsets.back].map((proxy) => ({ proxy, harm: HARD })),
    ...[client.out, handsets.out].map((proxy) => ({ proxy, harm: SOFT })),
  ]
  const clients = createMm7Clients(north)
  const byMm4 = new Map<string, Sent>()
  const written: HandsetMessage[] = []

  async function submitMm4(serial: number, number: string, bytes: number): Promise<void> {
    const body = contentOf(serial, bytes)
    const mark = `mo-${process.pid}-${serial}@${CLIENT_DOMAIN}`
    const digest = ''
    const one: Sent = {
      mark,
      number,
      digest,
      ids: new Set(),
      answered: false,
      tries: 1,
      named: true,
    }
    byMm4.set(mark, one)
    const message = await client.side.sendFromHandset(serial, [number], body)
    byMm4.set(mark, { ...one, digest: message.digest, answered: true })
  }

  async function write(serial: number, bytes: number): Promise<void> {
    const to = serial % 2 === 0 ? [CLIENT_SENDER, OTHER_NUMBER] : [CLIENT_SENDER]
    written.push(await handsets.side.sendFromHandset(serial, to, contentOf(serial, bytes)))
  }

  function times(of: 'garbled' | 'replayed', name: string): number {
    const bare = name.split('@')[0] ?? name
    return lines.reduce((sum, { proxy }) => sum + (proxy[of].get(bare) ?? 0), 0)
  }

  const evidence: Evidence = {
    get sent() {
      return new Map([...clients.sent, ...byMm4])
    },
    get arrivals() {
      return [...dropping.side.forwards, ...careful.side.forwards]
    },
    get heard() {
      const told = vasp.reports.map(({ id, recipient }) => ({ number: recipient, id }))
      return [
        ...told,
        ...client.side.reports.map(({ id, recipient }) => ({ number: recipient, id })),
      ]
    },
    endOf,
    holds: (number) => number.startsWith(CAREFUL),
    garbled: (name) => times('garbled', name),
    replayed: (name) => times('replayed', name),
  }

  /** What handsets wrote, without what a line garbled. */
  function judgeInbound(stories: readonly MessageStory[]): string[] {
    const clear = (id: string | undefined) => id !== undefined && evidence.garbled(id) === 0
    const inbound = stories.filter(
      ({ message }) => message.direction === 'mo' && clear(message.envelope.subject),
    )
    const known = new Set(written.map(({ id }) => id))
    const truth = {
      fromHandsets: written.filter(({ id }) => clear(id)),
      delivered: vasp.messages,
      peerReports: handsets.side.reports,
    }
    const ours = inbound.filter(({ message }) => known.has(message.envelope.subject ?? ''))
    const lines = auditInbound(ours, truth, { inbound: 0 })
    return lines.map((line) => `seed ${seedOf(/mo-[0-9]+-[0-9]+/.exec(line)?.[0] ?? '')}: ${line}`)
  }

  return {
    directory: directoryOf({ callback, dropping, careful, client, handsets }),
    lines,
    async traffic(seed, random) {
      const first = seed * RUN_MESSAGES_MAX
      const next = (n: number) => first + n
      const submit = (n: number) => recipientOf(next(n), random)
      await Promise.all([
        ...Array.from({ length: BY_MM7 }, (_, n) =>
          clients.submit(next(n), submit(n), random.pick(SIZES)),
        ),
        ...Array.from({ length: BY_MM4 }, (_, n) =>
          submitMm4(next(BY_MM7 + n), submit(BY_MM7 + n), random.pick(SIZES)),
        ),
        ...Array.from({ length: FROM_HANDSETS }, (_, n) =>
          write(next(BY_MM7 + BY_MM4 + n), random.pick(SIZES)),
        ),
      ])
    },
    judge(stories) {
      const judged = judge(stories, evidence)
      const inbound = judgeInbound(stories)
      const messages = judged.messages + written.length
      return { ...judged, messages, broken: [...judged.broken, ...inbound] }
    },
    abandon: () => clients.abandon(),
    async close() {
      for (const { proxy } of lines) await proxy.close()
      for (const { side } of peers) await side.close()
      await vasp.close()
    },
  }
}

function directoryOf(to: {
  readonly callback: FaultProxy
  readonly dropping: Peer
  readonly careful: Peer
  readonly client: Peer
  readonly handsets: Peer
}) {
  const open = { callsPerSecond: 10_000, callsBurst: 10_000 }
  return {
    accounts: [
      {
        id: 'vasp',
        dialect: 'sinch',
        mm7: {
          vaspId: CLIENT_KEY,
          callbackUrl: `http://127.0.0.1:${to.callback.port}/`,
          callbackPerSecond: 1000,
          callbackDelayMs: 60,
          callbackAttemptsMax: 1000,
        },
        services: [{ id: 'kill', senders: [CLIENT_SENDER, OTHER_NUMBER] }],
        limits: open,
      },
      {
        id: 'mmsc',
        dialect: 'bandwidth',
        mm4: { ...peerEntry('client', CLIENT_DOMAIN, to.client), reports: true },
        services: [],
        limits: open,
      },
    ],
    numbers: [CLIENT_SENDER, OTHER_NUMBER].map((number) => ({
      number,
      account: 'vasp',
      service: 'kill',
    })),
    carriers: [
      { name: 'dropping', mm4: peerEntry('dropping', CARRIER_DOMAIN, to.dropping) },
      { name: 'careful', mm4: peerEntry('careful', CARRIER_DOMAIN, to.careful) },
      { name: 'handsets', mm4: peerEntry('handsets', HANDSET_DOMAIN, to.handsets) },
    ],
    routes: [
      { name: 'first', prefix: DROPPING, carrier: 'dropping' },
      { name: 'second', prefix: CAREFUL, carrier: 'careful' },
    ],
  }
}
