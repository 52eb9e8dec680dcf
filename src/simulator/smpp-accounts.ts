/**
 * The sandbox's accounts that speak SMPP. A client binds by the account's id and the password `demo`.
 */
import { type Account, OPEN_POLICY, type OwnNumber, type SmppAccess } from '../core/directory.ts'
import { DEMO_PASSWORD_HASH } from './demo-password.ts'

/** The account that works: its system_id, too. */
export const DEMO_ESME = 'demo-esme'
/** A number of it. */
export const DEMO_ESME_SENDER = '15005550120'
/** The same, particular about what may be asked for: whoever asks for more is told 306. */
export const STRICT_ESME = 'bandwidth-306'
const STRICT_SENDER = '15005550121'

const ACCESS: Omit<SmppAccess, 'systemId'> = {
  enabled: true,
  passwordHash: DEMO_PASSWORD_HASH,
  allowAddresses: [],
  tlsRequired: false,
  binds: ['transmitter', 'receiver', 'transceiver'],
  sessionsMax: 8,
  windowMax: 100,
  deliverWindowMax: 10,
  defaultAlphabet: 'gsm7',
  septets: 'unpacked',
  registeredDelivery: 'standard',
  receipts: true,
  interimReceipts: true,
  receiptForm: 'both',
  repeatsByReference: false,
}

function accountOf(id: string, name: string, access: Partial<SmppAccess> = {}): Account {
  return {
    id,
    name,
    dialect: 'bandwidth',
    enabled: true,
    smpp: { ...ACCESS, systemId: id, ...access },
    services: [],
    limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 65_536 },
    carrierIdRequired: false,
    carrierLookup: false,
    presentationRequired: false,
    policy: { ...OPEN_POLICY, channels: ['sms'], sendersFromInventory: true, shortCodes: false },
  }
}

/** The account in order, and one that asks more of its client. */
export function smppAccounts(): readonly Account[] {
  return [
    accountOf(DEMO_ESME, 'Demo account (SMPP)'),
    accountOf(STRICT_ESME, 'Answers 306', { registeredDelivery: 'strict' }),
  ]
}

/** Their numbers. */
export const SMPP_NUMBERS: readonly OwnNumber[] = [
  { number: DEMO_ESME_SENDER, account: DEMO_ESME, state: 'active' },
  { number: STRICT_SENDER, account: STRICT_ESME, state: 'active' },
]
