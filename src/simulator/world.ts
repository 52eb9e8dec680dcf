/**
 * The sandbox's provisioning data: demo accounts of each MM7 dialect, accounts in every kind of
 * trouble, two simulated carriers. Ordinary directory entries, imported like anybody's.
 */

import { hashKey } from '../config/secret.ts'
import type { Carrier } from '../core/carrier.ts'
import type { Account, Application, DirectoryData, Mm7Access } from '../core/directory.ts'
import { SANDBOX_ROUTES } from './carriers.ts'
import { DEMO_PASSWORD_HASH } from './demo-password.ts'
import { MM4_NUMBERS, mm4Accounts } from './mm4-accounts.ts'
import { mm4Number } from './scripts.ts'
import { SMPP_NUMBERS, smppAccounts } from './smpp-accounts.ts'

/** Where a demo client listens for reports and replies: `carillon listen`. */
export const DEMO_CALLBACK_URL = 'http://127.0.0.1:8081/'
/** One demo account's keys, as a newcomer types them. */
export interface DemoAccount {
  readonly id: string
  readonly dialect: string
  readonly vaspId: string
  readonly vasId: string
  readonly sender: string
}

/** The accounts that work, one per dialect with an MM7 door. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { id: 'demo-sinch', dialect: 'sinch', vaspId: 'demo-sinch-key', vasId: 'demo', sender: '12345' },
  {
    id: 'demo-skycore',
    dialect: 'skycore',
    vaspId: 'demo-skycore-key',
    vasId: 'demo',
    sender: '12346',
  },
  {
    id: 'demo-smsglobal',
    dialect: 'smsglobal',
    vaspId: 'demo-smsglobal-key',
    vasId: 'demo',
    sender: '12347',
  },
  { id: 'demo-3gpp', dialect: '3gpp', vaspId: 'demo-3gpp-key', vasId: 'demo', sender: '12348' },
]

/** Applications that messages can be for: one that may be used and one that may not. */
export const DEMO_APPLICATIONS: readonly Application[] = [
  { id: 'demo.example', enabled: true },
  { id: 'denied.example', enabled: false },
]

/** A number that is on the block list: +999, dialect digit, 0003001. */
const blockedNumber = (digit: number) => `999${digit}0003001`

/** The directory of the sandbox, with the carriers that play in it. */
export function worldOf(carriers: readonly Carrier[]): DirectoryData {
  return {
    accounts: [
      ...DEMO_ACCOUNTS.map(demoAccount),
      ...troubledAccounts(),
      ...standardTroubles(),
      ...DEMO_ACCOUNTS.map(passThroughTwin),
      ...lookUpAccounts(),
      ...brokenAccounts(),
      ...mm4Accounts(),
      ...smppAccounts(),
    ],
    numbers: [
      ...DEMO_ACCOUNTS.map(({ sender, id, vasId }) => ({
        number: sender,
        account: id,
        service: vasId,
        state: 'active' as const,
      })),
      ...MM4_NUMBERS,
      ...SMPP_NUMBERS,
    ],
    carriers,
    routes: SANDBOX_ROUTES(),
    blocks: [0, 1]
      .map((digit) => ({
        number: blockedNumber(digit),
        because: 'The owner of this simulated number wants no messages.',
      }))
      .concat({ number: mm4Number('475'), because: 'The owner of this number said STOP.' }),
    applications: DEMO_APPLICATIONS,
  }
}

const DEMO_ACCESS: Omit<Mm7Access, 'vaspIdHash'> = {
  enabled: true,
  allowAddresses: [],
  replyType: 'text/xml',
  callbackUrl: DEMO_CALLBACK_URL,
  callbackPerSecond: 50,
  callbackDelayMs: 5000,
  callbackAttemptsMax: 60,
  reports: true,
  verboseReports: true,
  blankAnswerAccepted: false,
  passThrough: false,
  passThroughWaitMs: 10_000,
}

/** An account as a demo needs it, with what is changed in it. */
function accountOf(
  demo: DemoAccount,
  change: Partial<Account> = {},
  access: Partial<Mm7Access> = {},
): Account {
  return {
    id: demo.id,
    name: `Demo account (${demo.dialect})`,
    dialect: demo.dialect,
    enabled: true,
    mm7: { ...DEMO_ACCESS, vaspIdHash: hashKey(demo.vaspId), ...access },
    services: [{ id: demo.vasId, senders: [demo.sender], shared: false, live: true }],
    limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 5 * 1024 * 1024 },
    carrierIdRequired: false,
    carrierLookup: false,
    presentationRequired: false,
    ...change,
  }
}

/** Content that the documents of a sister service allow, in bytes. */
const CONTENT_BYTES_MAX: Readonly<Record<string, number>> = { smsglobal: 300 * 1024 }

function demoAccount(demo: DemoAccount): Account {
  const account = accountOf(demo)
  const contentBytesMax = CONTENT_BYTES_MAX[demo.dialect] ?? account.limits.contentBytesMax
  return { ...account, limits: { ...account.limits, contentBytesMax } }
}

/** The same for the dialects with the standard's numbers: `smsglobal-4007`, `3gpp-4007`. */
function standardTroubles(): Account[] {
  return DEMO_ACCOUNTS.filter(({ dialect }) => ['smsglobal', '3gpp'].includes(dialect)).flatMap(
    ({ dialect }) => {
      const sender = '12345'
      const trouble = (
        code: string,
        change: Partial<Account>,
        access: Partial<Mm7Access> = {},
      ): Account => {
        const id = `${dialect}-${code}`
        const demo = { id, dialect, vaspId: id, vasId: 'demo', sender }
        return accountOf(demo, { name: `Answers ${code}`, ...change }, access)
      }
      const basic = { user: 'demo', passwordHash: DEMO_PASSWORD_HASH }
      return [
        trouble('1100', {}, { recipientsMax: 10 }),
        trouble('2001', {}, { readReplies: false }),
        trouble('2008', {}, { basic }),
        trouble('4001', {
          services: [{ id: 'demo', senders: [sender], shared: true, live: true }],
        }),
        trouble('4006', {
          limits: { callsPerSecond: 0, callsBurst: 1, contentBytesMax: 5_000_000 },
        }),
        trouble('4007', { enabled: false }),
      ]
    },
  )
}

/**
 * An account for each code that an account's condition causes. Its VASPID is the dialect's name and
 * the code: `sinch-2550`.
 */
function troubledAccounts(): Account[] {
  return ['sinch', 'skycore'].flatMap((dialect) => {
    const trouble = (
      code: string,
      change: Partial<Account>,
      access: Partial<Mm7Access> = {},
    ): Account => {
      const id = `${dialect}-${code}`
      const demo = { id, dialect, vaspId: id, vasId: 'demo', sender: '12345' }
      return accountOf(demo, { name: `Answers ${code}`, ...change }, access)
    }
    return [
      trouble('2000', {}, { allowAddresses: ['192.0.2.1'] }),
      trouble('2550', { enabled: false }),
      trouble('2551', {}, { enabled: false }),
      trouble('2567', { carrierIdRequired: true }),
      trouble('2568', {}, { basic: { user: 'demo', passwordHash: DEMO_PASSWORD_HASH } }),
      trouble('3510', { limits: { callsPerSecond: 0, callsBurst: 1, contentBytesMax: 5_000_000 } }),
      trouble('3520', {
        services: [{ id: 'demo', senders: ['12345'], shared: false, live: false }],
      }),
      trouble('4004', { presentationRequired: true }),
    ]
  })
}

/** The same account, answered with what its carrier says. Its VASPID: `sinch-passthrough`. */
function passThroughTwin(demo: DemoAccount): Account {
  const id = `${demo.dialect}-passthrough`
  const name = `Pass-through account (${demo.dialect})`
  return accountOf({ ...demo, id, vaspId: id }, { name }, { passThrough: true })
}

/**
 * Accounts whose recipients are looked up. `skycore-2569` is for a number whose look-up fails, the
 * others are on no carrier at all.
 */
function lookUpAccounts(): Account[] {
  const lookedUp = (dialect: string, code: string, change: Partial<Account>): Account => {
    const id = `${dialect}-${code}`
    const demo = { id, dialect, vaspId: id, vasId: 'demo', sender: '12345' }
    return accountOf(demo, { name: `Looks carriers up (${code})`, carrierLookup: true, ...change })
  }
  return ['sinch', 'skycore', 'smsglobal'].flatMap((dialect) => [
    lookedUp(dialect, '2569', {}),
    lookedUp(dialect, '2570', { carriers: [] }),
  ])
}

/** Accounts whose every message breaks the store: ids as VASPIDs. See `broken-store.ts`. */
export const BROKEN_ACCOUNTS: readonly string[] = [
  'sinch-3000',
  'skycore-3000',
  'smsglobal-3000',
  '3gpp-3000',
  '3gpp-4005',
  'smsglobal-4005',
  'bandwidth-100',
]

/** Accounts for whose messages the store is full. Others are refused, too, until it has been looked at. */
export const FULL_ACCOUNTS: readonly string[] = ['bandwidth-220']

function brokenAccounts(): Account[] {
  const mm7 = BROKEN_ACCOUNTS.filter((id) => !id.startsWith('bandwidth'))
  return mm7.map((id) => {
    const [dialect = '', code = ''] = id.split('-')
    const demo = { id, dialect, vaspId: id, vasId: 'demo', sender: '12345' }
    return accountOf(demo, { name: `Answers ${code}` })
  })
}
