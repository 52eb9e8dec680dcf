/** Provokes a row through the SMPP door: binds, hands messages in, waits for where the row is seen. */
import type { Entry } from '../../catalog/index.ts'
import type { DeliverSm, SmppPdu, SubmitSm } from '../../codecs/smpp/pdu.ts'
import type { Face, Said, Sighting, SmppSubmit } from '../provocation.ts'
import type { Door, SmppWorld, World } from '../world.ts'
import { PASSWORD, SENDER, SYSTEM_ID } from './accounts.ts'
import { expectedFace, faceOfReceipt, faceOfResponse, saysSame } from './judge.ts'
import { openSmppLine, type SmppLine } from './line.ts'
import { goodSubmitSm } from './requests.ts'

/** A handset of the simulated carrier that takes everything. */
const WILLING_HANDSET = '15550100199'
/** SMPP 5.0: refusals come with words. */
const INTERFACE_VERSION = 0x50
/** user_message_reference has 16 bits. */
const REFERENCES = 0x10000
/** Apart from each other: the reference of a message and that of its parts are one. */
const REFERENCE_STEP = 100
const HEX = 16
/** Each is one chance for the cut to be faster than an answer. */
const CUTS_MAX = 5

/** Messages, and where the row is seen. */
export async function provokeBySmpp(
  world: World,
  entry: Entry,
  provocation: SmppSubmit,
): Promise<Sighting> {
  const { smpp } = world
  if (smpp === undefined) throw new Error('the world of this run has no SMPP door')
  const { gateway: settings } = provocation
  if (settings === undefined) return provokeAt(world, smpp, entry, provocation)
  const own = await smpp.openGateway(settings)
  try {
    if (own.smpp === undefined) throw new Error('a gateway of our own has an SMPP door')
    return await provokeAt(world, { ...smpp, door: own.smpp }, entry, provocation)
  } finally {
    await own.close()
  }
}

/** What is sent, in order; `token` makes the references new. */
export function requestsOf(
  entry: Entry,
  { changes, as }: SmppSubmit,
  token: string,
): readonly SubmitSm[] {
  const first = (Number.parseInt(token, HEX) + Number(entry.code) * REFERENCE_STEP) % REFERENCES
  return changes.map((change) =>
    change(
      goodSubmitSm({
        sender: as?.sender ?? SENDER,
        recipient: WILLING_HANDSET,
        reference: first,
      }),
    ),
  )
}

async function provokeAt(
  { token, timeouts }: World,
  { door }: SmppWorld,
  entry: Entry,
  provocation: SmppSubmit,
): Promise<Sighting> {
  const expected = expectedFace(entry, provocation)
  const requests = requestsOf(entry, provocation, token)
  const reference = requests[0]?.tlvs.userMessageReference ?? 0
  const talk = await openTalk(door, timeouts.answerMs, provocation)
  try {
    if (provocation.cut === true) {
      return await seeAfterCut(door, timeouts, provocation, expected, requests, talk.line)
    }
    let response: SmppPdu | undefined = talk.bound
    for (const request of requests) response = await talk.line.ask(request)
    if (provocation.seenIn === 'receipt') {
      return await seeReceipt(talk.line, timeouts.reportMs, expected, reference, [])
    }
    return sighting(expected, response && faceOfResponse(response), String(reference), talk.line)
  } finally {
    talk.line.close()
  }
}

interface Talk {
  readonly line: SmppLine
  readonly bound: SmppPdu | undefined
}

async function openTalk(door: Door, timeoutMs: number, { as }: SmppSubmit): Promise<Talk> {
  const line = openSmppLine(door, timeoutMs)
  const bound = await line.ask({
    command: 'bind_transceiver',
    systemId: as?.systemId ?? SYSTEM_ID,
    password: as?.password ?? PASSWORD,
    systemType: '',
    interfaceVersion: INTERFACE_VERSION,
    addressRange: { ton: 0, npi: 0, addr: '' },
    tlvs: {},
  })
  return { line, bound }
}

/**
 * Bound again, as a client whose line was cut does: what it missed comes now. Where every answer was
 * faster than the cut, the line is cut once more.
 */
async function seeAfterCut(
  door: Door,
  { answerMs, reportMs }: World['timeouts'],
  provocation: SmppSubmit,
  expected: Face,
  requests: readonly SubmitSm[],
  first: SmppLine,
): Promise<Sighting> {
  const reference = requests[0]?.tlvs.userMessageReference ?? 0
  let line = first
  let before: readonly Said[] = []
  for (let round = 1; ; round += 1) {
    await line.sendAndCut(requests)
    before = [...before, ...line.transcript]
    const again = await openTalk(door, answerMs, provocation)
    line = again.line
    const seen = await seeReceipt(line, reportMs / CUTS_MAX, expected, reference, before)
    if (seen.matches || round === CUTS_MAX) {
      line.close()
      return seen
    }
  }
}

async function seeReceipt(
  line: SmppLine,
  timeoutMs: number,
  expected: Face,
  reference: number,
  before: readonly Said[],
): Promise<Sighting> {
  let last: Face | undefined
  const wanted = (one: DeliverSm) => {
    if (one.tlvs.userMessageReference !== reference) return false
    const face = faceOfReceipt(one)
    last = face ?? last
    return saysSame(expected, face)
  }
  const found = await line.delivered(wanted, timeoutMs)
  const seen = found === undefined ? last : faceOfReceipt(found)
  const evidence = found?.tlvs.receiptedMessageId ?? String(reference)
  const because = `no such receipt within ${timeoutMs} ms`
  const told = sighting(expected, seen, evidence, line, because)
  return { ...told, transcript: [...before, ...told.transcript] }
}

function sighting(
  expected: Face,
  seen: Face | undefined,
  evidence: string,
  line: SmppLine,
  because = line.because,
): Sighting {
  const matches = saysSame(expected, seen)
  return {
    expected,
    seen,
    matches,
    evidence,
    transcript: line.transcript,
    ...(matches || because === undefined ? {} : { because }),
  }
}
