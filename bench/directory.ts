/**
 * The provisioning of the benchmark: an account whose messages stay, one whose messages go out to the
 * emulated carrier, and limits that are no limits.
 */
import type { AccountInput, CarrierInput } from '../src/config/directory-schema.ts'

/** What a client writes to be this account. */
export interface BenchAccount {
  readonly id: string
  readonly vaspId: string
  readonly vasId: string
  readonly sender: string
  readonly recipient: string
}

function account(id: string, sender: string): BenchAccount {
  return { id, vaspId: `${id}-key`, vasId: 'bench', sender, recipient: '15550100123' }
}

/** Its way out sends one message in a thousand seconds: accepting is all that happens. */
export const KEPT = account('kept', '24680')
/** Its way out is the emulated carrier. */
export const RELAYED = account('relayed', '24681')

/** Of all accounts that bind by SMPP. */
export const SMPP_PASSWORD = 'bench'

/** As fast as the directory lets anybody be. */
const PER_SECOND_MAX = 100_000
/** As slow. */
const PER_SECOND_MIN = 0.001

/** A port nobody listens on: the discard service, which no machine runs any more. */
const NOBODY = 9

/** A message centre nobody hears of: messages for it wait. */
const SILENT_CENTRE = {
  name: 'silent-centre',
  smpp: {
    host: '127.0.0.1',
    port: NOBODY,
    systemId: 'bench',
    password: SMPP_PASSWORD,
    perSecond: PER_SECOND_MIN,
  },
}

export interface BenchDirectory {
  /** Of the emulated carrier; absent: nobody listens, and nothing but its first try is lost. */
  readonly carrierPort?: number
  /** Where reports go; absent: nobody is told. */
  readonly callbackUrl?: string
  readonly connections?: number
  /** The emulated carrier's lane stands as still as the other. */
  readonly still?: boolean
  /** Accounts that bind by SMPP, each as `boundAccount` says; their messages stay. */
  readonly bound?: number
}

/** Sessions one account may have: the most the directory lets anybody have. */
export const SMPP_SESSIONS_MAX = 1000
/** Requests on their way in one session. */
export const SMPP_WINDOW = 100

/** The account of this index among those that bind; its id is its system_id. */
export function boundAccount(index: number): BenchAccount {
  return account(`bound-${index}`, String(BOUND_SENDER + index))
}

const BOUND_SENDER = 30_000

/** MM4 domain of the emulated carrier. */
export const CARRIER_DOMAIN = 'mms.bench.example'

export function benchDirectory({
  carrierPort = NOBODY,
  callbackUrl,
  connections = 32,
  still = false,
  bound = 0,
}: BenchDirectory) {
  const binding = Array.from({ length: bound }, (_, index) => boundAccount(index))
  return {
    accounts: [accountEntry(KEPT), accountEntry(RELAYED, callbackUrl), ...binding.map(boundEntry)],
    carriers: [
      carrierEntry('still', NOBODY, { perSecond: PER_SECOND_MIN, connections: 1 }),
      carrierEntry('emulated', carrierPort, {
        connections,
        ...(still ? { perSecond: PER_SECOND_MIN } : {}),
      }),
      ...(bound === 0 ? [] : [SILENT_CENTRE]),
    ],
    routes: [
      { name: 'kept', carrier: 'still', accounts: [KEPT.id] },
      ...(bound === 0
        ? []
        : [{ name: 'bound', carrier: SILENT_CENTRE.name, accounts: binding.map(({ id }) => id) }]),
      { name: 'relayed', carrier: 'emulated', accounts: [RELAYED.id] },
    ],
  }
}

type Given<Input> = { readonly [Key in keyof Input]?: Input[Key] }

function accountEntry(
  { id, vaspId, vasId, sender }: BenchAccount,
  callbackUrl?: string,
): Given<Omit<AccountInput, 'mm7'>> & { readonly mm7: Given<AccountInput['mm7']> } {
  return {
    id,
    dialect: 'sinch',
    mm7: {
      vaspId,
      callbackPerSecond: PER_SECOND_MAX,
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    },
    services: [{ id: vasId, senders: [sender], shared: false, live: true }],
    limits: {
      callsPerSecond: PER_SECOND_MAX,
      callsBurst: PER_SECOND_MAX,
      contentBytesMax: 5 * 1024 * 1024,
    },
  }
}

function boundEntry(one: BenchAccount) {
  return {
    ...accountEntry(one),
    smpp: {
      systemId: one.id,
      password: SMPP_PASSWORD,
      sessionsMax: SMPP_SESSIONS_MAX,
      windowMax: SMPP_WINDOW,
      perSecond: PER_SECOND_MAX,
    },
  }
}

function carrierEntry(name: string, port: number, more: Given<NonNullable<CarrierInput['mm4']>>) {
  return {
    name,
    mm4: {
      host: '127.0.0.1',
      port,
      domain: CARRIER_DOMAIN,
      tls: 'off',
      fromAddresses: ['127.0.0.1', '::1'],
      dropsDuplicates: true,
      ...more,
    },
  }
}
