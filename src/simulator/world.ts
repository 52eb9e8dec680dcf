/**
 * The sandbox's provisioning data: demo accounts of each MM7 dialect, accounts in every kind of
 * trouble, one simulated carrier. Ordinary directory entries, imported like anybody's.
 */

import { hashKey } from '../config/secret.ts'
import type { Account, Carrier, DirectoryData, Mm7Access } from '../core/directory.ts'

/** Where a demo client listens for reports and replies: `carillon listen`. */
export const DEMO_CALLBACK_URL = 'http://127.0.0.1:8081/'
/** The simulated carrier's name in the directory. */
export const SANDBOX_CARRIER = 'sandbox'
/** Its MM4 domain. */
export const SANDBOX_DOMAIN = 'mms.sandbox.example'
/** Scrypt of the password `demo`, so that starting the sandbox hashes nothing. */
const DEMO_PASSWORD_HASH =
  'scrypt$16384$8$1$Y2FyaWxsb24tZGVtby1zYQ$ZqtGy0wGKO07IwBKWJrmUlpONfIhD_wAZ-M5VMuWPFU'

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
]

/** A number that is on the block list: +999, dialect digit, 0003001. */
const blockedNumber = (digit: number) => `999${digit}0003001`

/** The directory of the sandbox. `carrierPort`: where the simulated carrier listens. */
export function worldOf(carrierPort: number): DirectoryData {
  return {
    accounts: [...DEMO_ACCOUNTS.map((demo) => accountOf(demo)), ...troubledAccounts()],
    numbers: DEMO_ACCOUNTS.map(({ sender, id, vasId }) => ({
      number: sender,
      account: id,
      service: vasId,
      state: 'active' as const,
    })),
    carriers: [carrierAt(carrierPort)],
    routes: [{ name: 'sandbox-default', prefix: '', carrier: SANDBOX_CARRIER, enabled: true }],
    blocks: [0, 1].map((digit) => ({
      number: blockedNumber(digit),
      because: 'The owner of this simulated number wants no messages.',
    })),
  }
}

const DEMO_ACCESS: Omit<Mm7Access, 'vaspIdHash'> = {
  enabled: true,
  allowAddresses: [],
  faultStatus: '200',
  replyType: 'text/xml',
  callbackUrl: DEMO_CALLBACK_URL,
  callbackPerSecond: 50,
  callbackDelayMs: 5000,
  callbackAttemptsMax: 60,
  reports: true,
  verboseReports: true,
  blankAnswerAccepted: false,
}

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
    presentationRequired: false,
    ...change,
  }
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

/** Short waits: in a sandbox nobody wants to wait half an hour to see a retry. */
function carrierAt(port: number): Carrier {
  return {
    name: SANDBOX_CARRIER,
    title: 'Simulated carrier',
    enabled: true,
    ids: ['31002', '0001890'],
    mm4: {
      host: '127.0.0.1',
      port,
      domain: SANDBOX_DOMAIN,
      tls: 'off',
      fromAddresses: ['127.0.0.1', '::1'],
      version: '6.10.0',
      ackRequest: true,
      sendsReports: true,
      dropsDuplicates: true,
      connections: 16,
      attemptsMax: 3,
      retryDelayMsMin: 500,
      retryDelayMsMax: 2000,
      attemptTimeoutMs: 5000,
      responseTimeoutMs: 10_000,
      reportWindowMs: 7_200_000,
    },
  }
}
