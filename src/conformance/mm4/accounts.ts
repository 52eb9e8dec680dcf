/** The accounts under which rows are provoked over MM4, and their numbers, as a provisioning file. */
import type { Door } from '../world.ts'

/** Domain of the client's own MMSC. */
export const OWN_DOMAIN = 'mms.conformance.example'
/** What all of them log in with. */
export const PASSWORD = 'conformance'
const CALLS_PER_SECOND = 1000
const CALLS_PER_SECOND_LEAST = 0.001
/** Content one message may have here, in bytes: small, so that too much is soon sent. */
export const CONTENT_BYTES_MAX = 128 * 1024
/** Recipients of one group. */
export const GROUP_MAX = 10

/** An account of the run: its login and id, and a number of its own. */
export interface Mm4Account {
  readonly id: string
  /** Digits without a plus; of those kept free for fiction. */
  readonly number: string
}

/** The account in order. */
export function goodAccount(dialect: string): Mm4Account {
  return { id: `conformance-${dialect}`, number: '15550100140' }
}

/** One that may send short messages and nothing else. */
export function smsAccount(dialect: string): Mm4Account {
  return { id: `conformance-${dialect}-sms`, number: '15550100141' }
}

/** One that may hand in a single message in a long time. */
export function slowAccount(dialect: string): Mm4Account {
  return { id: `conformance-${dialect}-slow`, number: '15550100142' }
}

/** One that may reach North America and nobody else. */
export function homeAccount(dialect: string): Mm4Account {
  return { id: `conformance-${dialect}-home`, number: '15550100143' }
}

/** The file's value; `mmsc`: where responses and reports go. */
export function mm4Directory(dialect: string, mmsc: Door) {
  const policy = { contentBytesMax: CONTENT_BYTES_MAX, groupMax: GROUP_MAX }
  const limits = { callsPerSecond: CALLS_PER_SECOND, callsBurst: CALLS_PER_SECOND }
  const account = ({ id }: Mm4Account, change: object = {}) => ({
    id,
    name: `Conformance run (${dialect})`,
    dialect,
    mm4: {
      ...mmsc,
      domain: OWN_DOMAIN,
      tls: 'off',
      peerAuth: { user: id, password: PASSWORD },
      ackRequest: false,
      interimReports: true,
    },
    limits,
    // What it may send is its policy's business.
    carrierLookup: true,
    policy,
    ...change,
  })
  const slow = { callsPerSecond: CALLS_PER_SECOND_LEAST, callsBurst: 1 }
  const accounts = [
    account(goodAccount(dialect)),
    account(smsAccount(dialect), { policy: { ...policy, channels: ['sms'] } }),
    account(slowAccount(dialect), { limits: slow }),
    account(homeAccount(dialect), { policy: { ...policy, countries: ['US', 'CA'] } }),
  ]
  const owners = [goodAccount, smsAccount, slowAccount, homeAccount]
  const numbers = owners.map((owner) => {
    const { id, number } = owner(dialect)
    return { number, account: id }
  })
  return { accounts, numbers }
}
