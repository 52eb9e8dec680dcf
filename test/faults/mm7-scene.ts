/**
 * MM7 on both sides: clients submit and hear their reports, two upstream relays take the messages —
 * one where doubles are dropped, one where nobody says so. Every line may do harm.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { RelayBehaviour } from '../../src/connectors/mm7/behaviour.ts'
import type { SentBack } from '../../src/connectors/mm7/emulated-handsets.ts'
import { openMm7Emulator, type RelayEmulator } from '../../src/connectors/mm7/emulator.ts'
import type { DeliveryState } from '../../src/core/delivery-state.ts'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { digestOf } from '../support/crash-carrier.ts'
import { CLIENT_KEY, CLIENT_SENDER } from '../support/crash-directory.ts'
import { openCrashVasp } from '../support/crash-vasp.ts'
import { FAULT_KINDS, type Harm } from '../support/fault-plan.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import type { Arrival, Evidence } from './evidence.ts'
import type { Ports, Scene } from './house.ts'
import { type Judged, judge, RUN_MESSAGES_MAX } from './judge.ts'
import { MARKS } from './marks.ts'
import { createMm7Clients } from './mm7-clients.ts'
import { CAREFUL, DROPPING, recipientOf } from './numbers.ts'

const HARM: Harm = { share: 0.6, kinds: FAULT_KINDS }
const SIZES = [300, 2000, 9000, 40_000] as const
const MESSAGES = 6
const REPEAT_MS = 60
const SUCCESS = 1000

interface Kind {
  readonly behaviour: RelayBehaviour
  readonly ends: DeliveryState
}

const RETRIEVED = { status: 'Retrieved', afterMs: 15 }
const taking: RelayBehaviour = { answer: { kind: 'code', code: SUCCESS }, reports: [RETRIEVED] }

/** What numbers with this fifth digit do. */
const KINDS: readonly Kind[] = [
  { behaviour: taking, ends: 'delivered' },
  { behaviour: { ...taking, reportFirst: true }, ends: 'delivered' },
  { behaviour: { ...taking, repeats: true }, ends: 'delivered' },
  { behaviour: { ...taking, reports: [{ status: 'Rejected', afterMs: 15 }] }, ends: 'failed' },
  { behaviour: { ...taking, answer: { kind: 'code', code: 2004 } }, ends: 'failed' },
  {
    behaviour: { ...taking, answer: { kind: 'http', status: 503 }, answerTries: 1 },
    ends: 'delivered',
  },
  {
    behaviour: { ...taking, answer: { kind: 'drop', at: 'end' }, answerTries: 1 },
    ends: 'delivered',
  },
  { behaviour: { ...taking, answerAfterMs: 40 }, ends: 'delivered' },
]

function kindOf(number: string): Kind {
  return KINDS[Number(number[4])] ?? { behaviour: taking, ends: 'delivered' }
}

interface Upstream {
  readonly relay: RelayEmulator
  readonly arrivals: Arrival[]
  readonly out: FaultProxy
  readonly back: FaultProxy
}

async function openUpstream(key: string, httpPort: number): Promise<Upstream> {
  const arrivals: Arrival[] = []
  let closed = false

  /** A relay repeats what was not taken, until it is. */
  async function insist({ operation, code }: SentBack): Promise<void> {
    if (code === SUCCESS || closed || operation.name !== 'DeliveryReportReq') return
    await pause(REPEAT_MS)
    const { messageId = '', mmStatus = '' } = operation
    await relay.sendReport(messageId, mmStatus)
  }

  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: (number) => kindOf(number).behaviour,
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: Date.now,
    onSubmit: ({ request, submit, transactionId }) =>
      arrivals.push({
        number: submit.recipients?.[0]?.address.value?.replace('+', '') ?? '',
        key: transactionId,
        digest: digestOf(request.parts.map(({ bytes }) => bytes)),
      }),
    onSentBack: (sent) => void insist(sent),
  })
  const http = { protocol: 'http' as const, marks: MARKS }
  const relayPort = Number(new URL(relay.url).port)
  const out = await openFaultProxy({ ...http, target: () => relayPort })
  const back = await openFaultProxy({ ...http, target: () => httpPort })
  relay.connect({ url: `http://127.0.0.1:${back.port}/mm7-upstream/${key}` })
  const close = relay.close
  return {
    relay: {
      ...relay,
      async close() {
        closed = true
        await close()
      },
    },
    arrivals,
    out,
    back,
  }
}

export interface Mm7Scene extends Scene {
  /** The way to the clients' callbacks. */
  readonly callback: FaultProxy
  judge(stories: readonly MessageStory[]): Judged
}

/** `lies`: what the judge's own tests break, so that it has something to find. */
export async function openMm7Scene(
  { httpPort }: Ports,
  lies: { readonly everyoneDropsDoubles?: boolean; readonly replaysAreHidden?: boolean } = {},
): Promise<Mm7Scene> {
  const vasp = await openCrashVasp()
  vasp.behave()
  const http = { protocol: 'http' as const, marks: MARKS }
  const vaspPort = Number(new URL(vasp.url).port)
  const north = await openFaultProxy({ ...http, target: () => httpPort })
  const callback = await openFaultProxy({ ...http, target: () => vaspPort })
  const dropping = await openUpstream('the-dropping-one', httpPort)
  const careful = await openUpstream('the-careful-one', httpPort)
  const proxies = [north, callback, dropping.out, dropping.back, careful.out, careful.back]
  const clients = createMm7Clients(north)
  const times = (of: 'garbled' | 'replayed', name: string) =>
    proxies.reduce((sum, proxy) => sum + (proxy[of].get(name) ?? 0), 0)

  const evidence: Evidence = {
    sent: clients.sent,
    get arrivals() {
      return [...dropping.arrivals, ...careful.arrivals]
    },
    get heard() {
      return vasp.reports.map(({ id, recipient }) => ({ number: recipient, id }))
    },
    endOf: (number) => kindOf(number).ends,
    holds: (number) => number.startsWith(CAREFUL),
    garbled: (name) => times('garbled', name),
    replayed: (name) => (lies.replaysAreHidden === true ? 0 : times('replayed', name)),
  }

  return {
    callback,
    directory: directoryOf(callback, dropping, careful, lies.everyoneDropsDoubles === true),
    lines: proxies.map((proxy) => ({ proxy, harm: HARM })),
    async traffic(seed, random) {
      const first = seed * RUN_MESSAGES_MAX
      const submits = Array.from({ length: MESSAGES }, (_, n) =>
        clients.submit(first + n, recipientOf(first + n, random), random.pick(SIZES)),
      )
      await Promise.all(submits)
    },
    judge: (stories) => judge(stories, evidence),
    abandon: () => clients.abandon(),
    async close() {
      for (const proxy of proxies) await proxy.close()
      for (const { relay } of [dropping, careful]) await relay.close()
      await vasp.close()
    },
  }
}

function directoryOf(
  callback: FaultProxy,
  dropping: Upstream,
  careful: Upstream,
  carefulDrops: boolean,
) {
  const upstream = (key: string, { out }: Upstream, dropsDuplicates: boolean) => ({
    url: `http://127.0.0.1:${out.port}/mm7`,
    vaspId: 'us',
    dropsDuplicates,
    callback: { key },
    connections: 4,
    attemptsMax: 1000,
    retryDelayMsMin: 30,
    retryDelayMsMax: 150,
    attemptTimeoutMs: 700,
    connectTimeoutMs: 500,
    answerTimeoutMs: 600,
    // A report on what a line garbled never finds its message.
    reportWindowMs: 4000,
  })
  return {
    accounts: [
      {
        id: 'vasp',
        dialect: 'sinch',
        mm7: {
          vaspId: CLIENT_KEY,
          callbackUrl: `http://127.0.0.1:${callback.port}/`,
          callbackPerSecond: 1000,
          callbackDelayMs: 60,
          callbackAttemptsMax: 1000,
        },
        services: [{ id: 'kill', senders: [CLIENT_SENDER] }],
        limits: { callsPerSecond: 10_000, callsBurst: 10_000 },
      },
    ],
    carriers: [
      { name: 'dropping', mm7: upstream('the-dropping-one', dropping, true) },
      { name: 'careful', mm7: upstream('the-careful-one', careful, carefulDrops) },
    ],
    routes: [
      { name: 'first', prefix: DROPPING, carrier: 'dropping' },
      { name: 'second', prefix: CAREFUL, carrier: 'careful' },
    ],
  }
}
