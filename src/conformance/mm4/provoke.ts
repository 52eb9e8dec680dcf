/** Provokes a row through the MM4 door: hands messages in, waits for where the row is seen. */
import type { Entry } from '../../catalog/index.ts'
import type { Mm4Profile } from '../../core/code-row.ts'
import type { Face, Mm4Forward, Said, Sighting } from '../provocation.ts'
import type { Door, Mm4World, World } from '../world.ts'
import { goodAccount, OWN_DOMAIN, PASSWORD } from './accounts.ts'
import { goodForward, type Mm4Draft } from './draft.ts'
import { handOver, isPositive, logIn } from './exchange.ts'
import { expectedFace, faceOfMail, faceOfReply, saysSame } from './judge.ts'
import { openLine, type SmtpLine, type SmtpReplySeen } from './line.ts'
import type { Mm4Mail, Mmsc } from './mmsc.ts'

/** A handset of the simulated carrier that takes everything. */
const WILLING_HANDSET = '15550100199'
/** Domain of a gateway that is told none. */
const GATEWAY_DOMAIN = 'carillon.localhost'

/** What is known when a conversation is over. */
interface Sent {
  readonly draft: Mm4Draft
  readonly reply: SmtpReplySeen | undefined
  readonly transcript: readonly Said[]
  readonly because: string | undefined
}

/** Messages, and where the row is seen. */
export async function provokeByMm4(
  world: World,
  profile: Mm4Profile,
  entry: Entry,
  provocation: Mm4Forward,
): Promise<Sighting> {
  const { mm4 } = world
  if (mm4 === undefined) throw new Error('the world of this run has no MM4 door')
  const expected = expectedFace(entry, profile, provocation)
  const { gateway: settings } = provocation
  if (settings === undefined) return provokeAt(world, mm4, entry, provocation, expected)
  const own = await mm4.openGateway(settings)
  try {
    if (own.smtp === undefined) throw new Error('a gateway of our own has an MM4 door')
    const at = { ...mm4, door: own.smtp, leave: own.leave }
    return await provokeAt(world, at, entry, provocation, expected)
  } finally {
    await own.close()
  }
}

/** The request before it is written out; `token` makes its id new. */
export function draftOf(entry: Entry, { change }: Pick<Mm4Forward, 'change'>, token: string) {
  const { id: user, number: sender } = goodAccount(entry.dialect)
  return change(
    goodForward({
      login: { user, password: PASSWORD },
      sender,
      recipient: entry.provoke.to?.replace(/^\+/, '') ?? WILLING_HANDSET,
      ownDomain: OWN_DOMAIN,
      domain: GATEWAY_DOMAIN,
      id: `${entry.code}-${token}`,
    }),
  )
}

type Place = Mm4World & { readonly leave?: () => void }

async function provokeAt(
  world: World,
  place: Place,
  entry: Entry,
  provocation: Mm4Forward,
  expected: Face,
): Promise<Sighting> {
  const { answerMs } = world.timeouts
  const drafts = Array.from({ length: provocation.times }, (_, index) =>
    draftOf(entry, provocation, index === 0 ? world.token : `${world.token}-${index}`),
  )
  const { seenIn } = provocation
  if (seenIn === 'reply') {
    const [draft = draftOf(entry, provocation, world.token)] = drafts
    return judgeReply(expected, await talk(place, draft, provocation, answerMs))
  }
  // At once: what one of them does to the others may be the row.
  const sent = await Promise.all(drafts.map((draft) => talk(place, draft, provocation, answerMs)))
  return judgeMail(world, place, expected, sent)
}

async function talk(
  { door, leave }: Place & { readonly door: Door },
  draft: Mm4Draft,
  { leaving }: Mm4Forward,
  timeoutMs: number,
): Promise<Sent> {
  const line = openLine(door, timeoutMs)
  try {
    const reply = await lastReply(line, draft, leaving === true ? leave : undefined)
    return { draft, reply, transcript: line.transcript, because: line.because }
  } finally {
    line.close()
  }
}

async function lastReply(
  line: SmtpLine,
  draft: Mm4Draft,
  leave: (() => void) | undefined,
): Promise<SmtpReplySeen | undefined> {
  const entered = await logIn(line, draft)
  if (!isPositive(entered)) return entered
  if (leave === undefined) return handOver(line, draft)
  leave()
  return line.hear()
}

function judgeReply(expected: Face, { draft, reply, transcript, because }: Sent): Sighting {
  const seen = reply === undefined ? undefined : faceOfReply(reply)
  return {
    expected,
    seen,
    matches: saysSame(expected, seen),
    evidence: seen?.details ?? idOf(draft),
    transcript,
    ...(because === undefined || reply !== undefined ? {} : { because }),
  }
}

/** The first of the messages whose mail says the row; what came for the last one, when none does. */
async function judgeMail(
  { timeouts: { reportMs } }: World,
  { mmsc }: Place,
  expected: Face,
  sent: readonly Sent[],
): Promise<Sighting> {
  const refused = sent.find(({ reply }) => !isPositive(reply))
  if (refused !== undefined) {
    const { reply, because = 'not taken' } = refused
    return { ...judgeReply(expected, refused), matches: false, because: reply?.text ?? because }
  }
  const enough = new AbortController()
  const looks = sent.map((one) => lookFor(one, mmsc, expected, reportMs, enough.signal))
  const told = await Promise.any(looks.map(onlySame)).catch(async () =>
    (await Promise.all(looks)).at(-1),
  )
  enough.abort()
  const { id = '', mail, all = [], transcript = [] } = told ?? {}
  const seen = mail === undefined ? undefined : faceOfMail(mail)
  const matches = saysSame(expected, seen)
  const mails = all.map(({ bytes }): Said => ({ who: 'received', bytes }))
  return {
    expected,
    seen,
    matches,
    evidence: id,
    transcript: [...transcript, ...mails],
    ...(matches ? {} : { because: `no such mail within ${reportMs} ms` }),
  }
}

interface Look extends Pick<Sent, 'transcript'> {
  readonly id: string
  /** The one that says the row, else the last there was. */
  readonly mail: Mm4Mail | undefined
  readonly all: readonly Mm4Mail[]
  readonly same: boolean
}

async function lookFor(
  { draft, transcript }: Sent,
  mmsc: Mmsc,
  expected: Face,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Look> {
  const id = idOf(draft)
  const wanted = (mail: Mm4Mail) => saysSame(expected, faceOfMail(mail))
  const { found, all } = await mmsc.find(id, wanted, timeoutMs, signal)
  return { id, mail: found ?? all.at(-1), all, transcript, same: found !== undefined }
}

/** Rejects where the row was not seen: the others may still show it. */
async function onlySame(look: Promise<Look>): Promise<Look> {
  const looked = await look
  if (!looked.same) throw new Error('not seen here')
  return looked
}

function idOf({ fields }: Mm4Draft): string {
  return String(fields['X-Mms-Message-ID']).replaceAll('"', '')
}
