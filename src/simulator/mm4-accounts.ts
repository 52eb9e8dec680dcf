/**
 * The sandbox's accounts that speak MM4, and the numbers that bring about what their dialect checks.
 * A client logs in by the account's id and the password `demo`; its own MMSC is awaited at one port.
 */
import {
  type Account,
  type AccountPolicy,
  type Mm4Access,
  OPEN_POLICY,
  type OwnNumber,
} from '../core/directory.ts'
import { DEMO_PASSWORD_HASH } from './demo-password.ts'

/** Where the MMSC of a demo client listens for responses, reports and messages. */
export const DEMO_MMSC = { host: '127.0.0.1', port: 8025, domain: 'mms.demo.example' } as const
/** The account that works. */
export const DEMO_MM4_ACCOUNT = 'demo-bandwidth'
/** A number of it. */
export const DEMO_MM4_SENDER = '15005550100'

const MIB = 1024 * 1024
const KIB = 1024

/** What this provider allows an account from the start. */
const POLICY: AccountPolicy = {
  ...OPEN_POLICY,
  channels: ['mms', 'sms'],
  sendersFromInventory: true,
  shortCodes: false,
  tollFree: false,
  fixedLines: false,
  groupMax: 10,
  mediaTypes: ['text/*', 'image/*', 'audio/*', 'video/*', 'application/smil', 'text/x-vcard'],
  contentBytesMax: 5 * MIB,
  tollFreeBytesMax: 525 * KIB,
  filterRequired: true,
}

const ACCESS: Omit<Mm4Access, 'peerAuth'> = {
  ...DEMO_MMSC,
  enabled: true,
  tls: 'off',
  fromAddresses: [],
  version: '6.10.0',
  ackRequest: true,
  sendsReports: true,
  dropsDuplicates: true,
  connections: 8,
  attemptsMax: 60,
  retryDelayMsMin: 5000,
  retryDelayMsMax: 5000,
  attemptTimeoutMs: 5000,
  responseTimeoutMs: 10_000,
  reportWindowMs: 7_200_000,
  reports: true,
  interimReports: true,
}

/** The account in order, and one for each code that an account's condition causes. */
export function mm4Accounts(): readonly Account[] {
  return [
    accountOf(DEMO_MM4_ACCOUNT, 'Demo account (bandwidth)'),
    accountOf('bandwidth-1', 'Answers 1', { policy: { ...POLICY, channels: ['sms'] } }),
    accountOf('bandwidth-100', 'Answers 100'),
    accountOf('bandwidth-220', 'Answers 220'),
    accountOf('bandwidth-211', 'Answers 211', {
      limits: { callsPerSecond: 0, callsBurst: 0, contentBytesMax: 5 * MIB },
    }),
    accountOf('bandwidth-432', 'Answers 432', { policy: { ...POLICY, countries: ['US', 'CA'] } }),
  ]
}

function accountOf(id: string, name: string, change: Partial<Account> = {}): Account {
  return {
    id,
    name,
    dialect: 'bandwidth',
    enabled: true,
    mm4: { ...ACCESS, peerAuth: { user: id, passwordHash: DEMO_PASSWORD_HASH } },
    services: [],
    limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 5 * MIB },
    carrierIdRequired: false,
    carrierLookup: true,
    presentationRequired: false,
    policy: POLICY,
    ...change,
  }
}

/** The inventory: numbers in every state, each with the codes it brings about. */
export const MM4_NUMBERS: readonly OwnNumber[] = [
  { number: DEMO_MM4_SENDER, account: DEMO_MM4_ACCOUNT, state: 'active' },
  // 402 as a sender.
  { number: '15005550102', account: DEMO_MM4_ACCOUNT, state: 'active', failsAlways: true },
  // 403 as a sender.
  { number: '15005550103', account: 'demo-sinch', state: 'active' },
  // 405 as a sender, 404 as a recipient.
  { number: '15005550104', account: DEMO_MM4_ACCOUNT, state: 'disconnected' },
  { number: '15005550105', state: 'unallocated' },
  // 407 as a sender, 408 as a recipient.
  { number: '15005550107', state: 'active' },
  // 404 as a recipient: it takes no pictures.
  { number: '15005550106', account: DEMO_MM4_ACCOUNT, state: 'active', channels: ['sms'] },
  // 433 and 431 as a sender, until the account may use them.
  { number: '18005550100', account: DEMO_MM4_ACCOUNT, state: 'active' },
  { number: '24680', account: DEMO_MM4_ACCOUNT, state: 'active' },
  // Senders of the accounts in trouble.
  { number: '15005550111', account: 'bandwidth-1', state: 'active' },
  { number: '15005550110', account: 'bandwidth-100', state: 'active' },
  { number: '15005550112', account: 'bandwidth-211', state: 'active' },
  { number: '15005550122', account: 'bandwidth-220', state: 'active' },
  { number: '15005550143', account: 'bandwidth-432', state: 'active' },
]
