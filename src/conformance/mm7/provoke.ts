/** Provokes a row through the MM7 door: sends what is to be sent, waits for where it is seen. */
import type { Entry } from '../../catalog/index.ts'
import type { Mm7Profile } from '../../core/code-row.ts'
import { plainAccount, SENDER, SERVICE, verboseAccount } from '../accounts.ts'
import type { Face, Mm7FollowUp, Mm7Request, Said, Sighting } from '../provocation.ts'
import type { Report } from '../report-inbox.ts'
import type { World } from '../world.ts'
import { goodSubmit, type Mm7Draft, writeDraft } from './draft.ts'
import { type Exchanged, exchange } from './exchange.ts'
import {
  expectedAnswer,
  expectedReport,
  faceOfAnswer,
  faceOfStatus,
  faceOfWords,
  saysSame,
} from './judge.ts'

/** A handset of the simulated carrier that takes everything. */
const WILLING_HANDSET = '15550100199'
/** The word of a report that ends well. */
const RETRIEVED = 'Retrieved'

interface Sent {
  readonly exchanged: Exchanged
  readonly transcript: readonly Said[]
}

/** A request, and where the row is seen. */
export async function provokeByMm7(
  world: World,
  profile: Mm7Profile,
  entry: Entry,
  { change, times, seenIn }: Mm7Request,
): Promise<Sighting> {
  const draft = draftOf(profile, entry, { change, seenIn }, world.token)
  let sent = await send(world, draft)
  // Always the same bytes: a client that repeats a request it got no good answer to.
  for (let count = 1; count < times; count += 1) sent = await send(world, draft)
  if (seenIn === 'answer') return judgeAnswer(profile, entry, draft, sent)
  return judgeReport(world, entry, sent, seenIn === 'report' ? faceOfStatus : faceOfWords)
}

/** The request before it is written out; `token` makes its id new. */
export function draftOf(
  profile: Mm7Profile,
  entry: Entry,
  { change, seenIn }: Pick<Mm7Request, 'change' | 'seenIn'>,
  token: string,
): Mm7Draft {
  const vaspId = seenIn === 'report' ? plainAccount(entry.dialect) : verboseAccount(entry.dialect)
  return change(goodDraft(profile, entry, vaspId, token))
}

/** A request about a message that is sent first. */
export async function provokeAfterwards(
  world: World,
  profile: Mm7Profile,
  entry: Entry,
  { after, about }: Mm7FollowUp,
): Promise<Sighting> {
  const vaspId = verboseAccount(entry.dialect)
  const first = await send(world, goodDraft(profile, entry, vaspId, `${world.token}-first`))
  const messageId = first.exchanged.answer?.messageId
  const expected = expectedAnswer(entry, profile)
  if (messageId === undefined) {
    return missing(expected, first, 'the message it is about was not accepted')
  }
  if (after === 'retrieved') {
    const { reportMs } = world.timeouts
    const wanted = ({ status }: Report) => status === RETRIEVED
    const { found } = await world.reports.find(messageId, wanted, reportMs)
    if (found === undefined) {
      return missing(expected, first, `no report of ${messageId} within ${reportMs} ms`)
    }
  }
  const draft = about(messageId)(goodDraft(profile, entry, vaspId, world.token))
  const second = await send(world, draft)
  const transcript = [...first.transcript, ...second.transcript]
  return judgeAnswer(profile, entry, draft, { ...second, transcript }, messageId)
}

function goodDraft(
  profile: Mm7Profile,
  { code, provoke }: Entry,
  vaspId: string,
  token: string,
): Mm7Draft {
  return goodSubmit({
    path: `/mm7/${profile.path}`,
    version: profile.defaultVersion,
    vaspId,
    vasId: SERVICE,
    sender: SENDER,
    recipient: provoke.to?.replace(/^\+/, '') ?? WILLING_HANDSET,
    transactionId: `${code}-${token}`,
  })
}

async function send(world: World, draft: Mm7Draft): Promise<Sent> {
  const bytes = writeDraft(draft)
  const exchanged = await exchange(world.door, bytes, world.timeouts.answerMs)
  return {
    exchanged,
    transcript: [
      { who: 'sent', bytes },
      { who: 'received', bytes: exchanged.received },
    ],
  }
}

function judgeAnswer(
  profile: Mm7Profile,
  entry: Entry,
  draft: Mm7Draft,
  { exchanged, transcript }: Sent,
  about?: string,
): Sighting {
  const expected = expectedAnswer(entry, profile)
  const { answer, because } = exchanged
  const seen = answer === undefined ? undefined : faceOfAnswer(answer)
  const evidence =
    about ?? answer?.messageId ?? answer?.transactionId ?? `HTTP ${answer?.httpStatus}`
  return {
    expected,
    seen,
    matches: saysSame(expected, seen),
    evidence: answer === undefined ? (draft.transactionId ?? '') : evidence,
    transcript,
    ...(because !== undefined && { because }),
  }
}

async function judgeReport(
  world: World,
  entry: Entry,
  sent: Sent,
  read: (report: Report) => Face,
): Promise<Sighting> {
  const expected = expectedReport(entry)
  const messageId = sent.exchanged.answer?.messageId
  if (messageId === undefined) return missing(expected, sent, 'the message was not accepted')
  const { reportMs } = world.timeouts
  const wanted = (report: Report) => read(report).code === entry.code
  const { found, all } = await world.reports.find(messageId, wanted, reportMs)
  const last = found ?? all.at(-1)
  const seen = last === undefined ? undefined : read(last)
  const reports = all.map(({ bytes }): Said => ({ who: 'received', bytes }))
  return {
    expected,
    seen,
    matches: saysSame(expected, seen),
    evidence: messageId,
    transcript: [...sent.transcript, ...reports],
    ...(found === undefined && { because: `no such report within ${reportMs} ms` }),
  }
}

/** Something before the sighting went wrong. */
function missing(expected: Face, { exchanged, transcript }: Sent, because: string): Sighting {
  const { answer } = exchanged
  const seen = answer === undefined ? undefined : faceOfAnswer(answer)
  return {
    expected,
    seen,
    matches: false,
    evidence: answer?.transactionId ?? '',
    because,
    transcript,
  }
}
