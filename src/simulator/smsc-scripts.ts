/**
 * What the simulated message centre does with short messages to each sandbox number: the same numbers
 * as for multimedia, where both make sense.
 */
import { COMMAND_STATUS } from '../codecs/smpp/command-status.ts'
import { ORDINARY_SMSC, type SmscAnswer, type SmscBehaviour } from '../connectors/smpp/behaviour.ts'
import type { BandwidthCode } from '../dialects/bandwidth/codes.ts'
import { ANSWERING_NUMBER, mm4Number } from './scripts.ts'

const ORDINARY: SmscBehaviour = {
  ...ORDINARY_SMSC,
  answerAfterMs: 10,
  receipts: [{ stat: 'DELIVRD', afterMs: 300 }],
}

const refusing = (status: number, more: Partial<SmscBehaviour> = {}): SmscBehaviour => ({
  ...ORDINARY,
  answer: { kind: 'status', status },
  ...more,
})

const doing = (answer: SmscAnswer, more: Partial<SmscBehaviour> = {}): SmscBehaviour => ({
  ...ORDINARY,
  answer,
  ...more,
})

const reporting = (stat: string, err?: string): SmscBehaviour => ({
  ...ORDINARY,
  receipts: [{ stat, afterMs: 200, ...(err === undefined ? {} : { err }) }],
})

/** A number of a vendor's own that stands in no table. */
const VENDOR_STATUS = 0x0f1f
/** What its receipts say of spam and of a recipient who wants nothing: its own words, as every centre's. */
export const SPAM_ERR = '770'
export const OPT_OUT_ERR = '775'

const S = COMMAND_STATUS

/** Outcomes by the codes of the dialect that has them. */
const OUTCOMES: Readonly<Partial<Record<BandwidthCode, SmscBehaviour>>> = {
  '111': refusing(S.ESME_RINVBNDSTS, { answerTries: 1 }),
  '112': refusing(S.ESME_RBINDFAIL),
  '115': refusing(S.ESME_RSYSERR, { answerTries: 1 }),
  '116': doing({ kind: 'silence' }),
  '304': refusing(S.ESME_RINVESMCLASS),
  '306': refusing(S.ESME_RINVREGDLVFLG),
  '350': refusing(S.ESME_RINVCMDLEN),
  '352': refusing(S.ESME_RINVMSGLEN),
  '435': refusing(S.ESME_RINVNUMDESTS),
  '500': refusing(S.ESME_RSUBMITFAIL),
  '600': refusing(S.ESME_RTHROTTLED),
  '620': refusing(S.ESME_RSYSERR),
  '650': reporting('UNDELIV'),
  '700': refusing(S.ESME_RINVSERTYP),
  '720': refusing(S.ESME_RINVDSTADR),
  '740': refusing(S.ESME_RINVSRCADR),
  '750': reporting('REJECTD'),
  '770': reporting('REJECTD', SPAM_ERR),
  '775': reporting('REJECTD', OPT_OUT_ERR),
  '902': { ...ORDINARY, receipts: [] },
  '999': refusing(VENDOR_STATUS),
}

/**
 * What a carrier can do that has no code: early, repeated, missing and strangely spelt receipts, broken
 * lines, congestion. Counted from 9001.
 */
export const SMSC_ODDITIES: Readonly<Record<string, SmscBehaviour>> = {
  '9001': { ...ORDINARY, receiptFirst: true },
  '9002': { ...ORDINARY, repeats: true },
  '9003': { ...ORDINARY, idForm: 'decimal' },
  '9004': { ...ORDINARY, idForm: 'trimmed' },
  '9005': { ...ORDINARY, receipts: [{ stat: 'DELIVRD', afterMs: 200, part: 1 }] },
  '9006': {
    ...ORDINARY,
    receipts: [
      { stat: 'DELIVRD', afterMs: 200, part: 1 },
      { stat: 'UNDELIV', afterMs: 300, part: 2 },
    ],
  },
  '9007': { ...ORDINARY, reorders: true },
  '9008': doing({ kind: 'garbage' }, { answerTries: 1 }),
  '9009': doing({ kind: 'drop' }, { answerTries: 1 }),
  '9010': { ...ORDINARY, congestion: 90 },
  '9011': refusing(S.ESME_RTHROTTLED, { answerTries: 1 }),
  '9012': { ...ORDINARY, answerAfterMs: 2000 },
  '9013': { ...ORDINARY, receiptStyle: 'text', receiptByData: true },
  '9014': {
    ...ORDINARY,
    receipts: [
      { stat: 'ENROUTE', afterMs: 100 },
      { stat: 'DELIVRD', afterMs: 300 },
    ],
  },
  '9015': refusing(S.ESME_RSUBMITFAIL, { answerPart: 2 }),
}

const BY_NUMBER: ReadonlyMap<string, SmscBehaviour> = new Map(
  [...Object.entries(OUTCOMES), ...Object.entries(SMSC_ODDITIES)].map(([code, behaviour]) => [
    mm4Number(code),
    behaviour,
  ]),
)

/** What the simulated centre does with a message to this number (digits, no plus). */
export function smscBehaviourOf(number: string): SmscBehaviour {
  if (number === ANSWERING_NUMBER) {
    return { ...ORDINARY, reply: { text: 'Thanks, got it.', afterMs: 600 } }
  }
  return BY_NUMBER.get(number) ?? ORDINARY
}

/** Codes of the scripted numbers of short messages, for tests. */
export const SMSC_CODES: readonly string[] = Object.keys(OUTCOMES)
