/**
 * SMPP on both sides: clients, half of whose messages bear a name, and two message centres — one of
 * which we were told that it drops doubles. Every line may do harm, and a PDU may come twice or be
 * overtaken.
 */
import { COMMAND_STATUS } from '../../src/codecs/smpp/command-status.ts'
import { MESSAGE_STATES } from '../../src/codecs/sms/message-state.ts'
import {
  ORDINARY_SMSC,
  type SmscBehaviour,
  type SmscIdForm,
} from '../../src/connectors/smpp/behaviour.ts'
import { openSmppEmulator, type Smsc } from '../../src/connectors/smpp/emulator.ts'
import { referenceOf } from '../../src/connectors/smpp/encode.ts'
import type { DeliveryState } from '../../src/core/delivery-state.ts'
import { resultOf } from '../../src/engine/notices.ts'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { stateOf } from '../../src/listeners/smpp/receipt-state.ts'
import { digestOf } from '../support/crash-carrier.ts'
import { CLIENT_SENDER } from '../support/crash-directory.ts'
import { FAULT_KINDS, type Harm } from '../support/fault-plan.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import { openEsme } from './esme.ts'
import type { Arrival, Evidence } from './evidence.ts'
import type { Ports, Scene } from './house.ts'
import { type Judged, judge, RUN_MESSAGES_MAX } from './judge.ts'
import { MARKS } from './marks.ts'
import { CAREFUL, DROPPING, recipientOf } from './numbers.ts'

/** A session lasts, so that there are few connections to harm. */
const HARM: Harm = { share: 0.9, kinds: FAULT_KINDS }
const MESSAGES = 8
const CLIENTS = ['bell-1', 'bell-2', 'bell-3'] as const
const PASSWORD = 'secret01'

interface Kind {
  readonly behaviour: SmscBehaviour
  readonly ends: DeliveryState
}

const once = (answer: SmscBehaviour['answer']): SmscBehaviour => ({
  ...taking,
  answer,
  answerTries: 1,
})
const taking: SmscBehaviour = { ...ORDINARY_SMSC, receipts: [{ stat: 'DELIVRD', afterMs: 15 }] }

/** What numbers with this fifth digit do. */
const KINDS: readonly Kind[] = [
  { behaviour: taking, ends: 'delivered' },
  { behaviour: { ...taking, receiptFirst: true, answerAfterMs: 20 }, ends: 'delivered' },
  { behaviour: { ...taking, repeats: true }, ends: 'delivered' },
  { behaviour: { ...taking, receipts: [{ stat: 'UNDELIV', afterMs: 15 }] }, ends: 'failed' },
  {
    behaviour: { ...taking, answer: { kind: 'status', status: COMMAND_STATUS.ESME_RINVDSTADR } },
    ends: 'failed',
  },
  {
    behaviour: once({ kind: 'status', status: COMMAND_STATUS.ESME_RSYSERR }),
    ends: 'delivered',
  },
  { behaviour: once({ kind: 'drop' }), ends: 'delivered' },
  { behaviour: once({ kind: 'garbage' }), ends: 'delivered' },
]

function kindOf(number: string): Kind {
  return KINDS[Number(number[4])] ?? { behaviour: taking, ends: 'delivered' }
}

interface Centre {
  readonly smsc: Smsc
  readonly arrivals: readonly Arrival[]
  readonly out: FaultProxy
}

const REPEAT_MS = 60

/** `idForm`: how its receipts spell the ids it answered with. */
async function openCentre(idForm: SmscIdForm): Promise<Centre> {
  const arrivals: Arrival[] = []
  const smsc = await openSmppEmulator({
    host: '127.0.0.1',
    port: 0,
    systemId: 'centre',
    behaviourOf: (number) => ({ ...kindOf(number).behaviour, idForm }),
    keepBodies: false,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: Date.now,
    repeatMs: REPEAT_MS,
    onSubmit: ({ number, octets, body }) =>
      arrivals.push({
        number,
        key: String(body.tlvs.userMessageReference),
        digest: digestOf([octets]),
      }),
  })
  const { port } = smsc.address
  const out = await openFaultProxy({ protocol: 'smpp', marks: MARKS, target: () => port })
  return { smsc, arrivals, out }
}

/** How the directory knows it: short waits, since everything here is short. */
function centreEntry({ out }: Centre, dropsDuplicates: boolean) {
  return {
    host: '127.0.0.1',
    port: out.port,
    systemId: 'carillon',
    password: PASSWORD,
    dropsDuplicates,
    messageReference: true,
    binds: 2,
    attemptsMax: 1000,
    retryDelayMsMin: 30,
    retryDelayMsMax: 150,
    reconnectDelayMsMin: 50,
    reconnectDelayMsMax: 200,
    attemptTimeoutMs: 1000,
    responseTimeoutMs: 700,
    enquireLinkMs: 1000,
    // A receipt on what a line garbled never finds its message.
    reportWindowMs: 4000,
  }
}

export interface SmppScene extends Scene {
  /** The way from the clients. */
  readonly north: FaultProxy
  judge(stories: readonly MessageStory[]): Judged
}

/** `lies`: what the judge's own tests break, so that it has something to find. */
export async function openSmppScene(
  { smppPort }: Ports,
  lies: { readonly namesAreIgnored?: boolean } = {},
): Promise<SmppScene> {
  const dropping = await openCentre('same')
  // Ids are counted from one: each is another's spelling in the other base.
  const careful = await openCentre('decimal')
  const north = await openFaultProxy({ protocol: 'smpp', marks: MARKS, target: () => smppPort })
  const proxies = [north, dropping.out, careful.out]
  const esmes = CLIENTS.map((systemId) =>
    openEsme({ proxy: north, systemId, password: PASSWORD, sender: CLIENT_SENDER }),
  )
  const times = (of: 'garbled' | 'replayed', name: string) =>
    proxies.reduce((sum, proxy) => sum + (proxy[of].get(name) ?? 0), 0)

  const evidence: Evidence = {
    get sent() {
      return new Map(esmes.flatMap(({ sent }) => [...sent]))
    },
    get arrivals() {
      return [...dropping.arrivals, ...careful.arrivals]
    },
    get heard() {
      return esmes.flatMap(({ heard }) => heard)
    },
    endOf: (number) => kindOf(number).ends,
    holds: (number) => number.startsWith(CAREFUL),
    garbled: (name) => times('garbled', name),
    replayed: (name) => times('replayed', name),
    bears: (key, name) => key === String(referenceOf(name)),
    wordOf({ state, reason }) {
      const result = resultOf(state, reason)
      return result === undefined ? '' : MESSAGE_STATES[stateOf(result, reason)].word.toLowerCase()
    },
  }

  return {
    north,
    directory: directoryOf(dropping, careful, lies.namesAreIgnored !== true),
    lines: proxies.map((proxy) => ({ proxy, harm: HARM })),
    async traffic(seed, random) {
      const first = seed * RUN_MESSAGES_MAX
      const submits = Array.from({ length: MESSAGES }, (_, n) => {
        const esme = esmes[n % esmes.length]
        return esme?.submit(first + n, recipientOf(first + n, random), random.chance(0.5))
      })
      await Promise.all(submits)
    },
    judge: (stories) => judge(stories, evidence),
    abandon() {
      for (const esme of esmes) esme.close()
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      for (const { smsc } of [dropping, careful]) await smsc.close()
    },
  }
}

function directoryOf(dropping: Centre, careful: Centre, repeatsByReference: boolean) {
  return {
    accounts: CLIENTS.map((systemId) => ({
      id: systemId,
      dialect: 'bandwidth',
      smpp: { systemId, password: PASSWORD, repeatsByReference, receiptForm: 'text' },
      services: [],
      limits: { callsPerSecond: 10_000, callsBurst: 10_000 },
    })),
    carriers: [
      { name: 'dropping', smpp: centreEntry(dropping, true) },
      { name: 'careful', smpp: centreEntry(careful, false) },
    ],
    routes: [
      { name: 'first', prefix: DROPPING, carrier: 'dropping' },
      { name: 'second', prefix: CAREFUL, carrier: 'careful' },
    ],
  }
}
