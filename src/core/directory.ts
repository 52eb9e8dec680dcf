/**
 * The provisioning directory: who may use the gateway, as whom, towards whom, and how to reach
 * them. Data, multi-tenant, live: every part reads the current snapshot for each decision.
 */
import type { Address } from './address.ts'
import { type Carrier, type Mm4Peer, type Mm7Carrier, speaksMm7 } from './carrier.ts'
import type { Consent } from './consent.ts'
import type { Channel } from './message.ts'
import type { RouteRule } from './route.ts'

/** A secret as it is kept. API keys (high entropy) as SHA-256, human passwords as scrypt. */
export type SecretHash = string

/** A sender address that belongs to a service. */
export interface Service {
  /** VASID. */
  readonly id: string
  /** Short codes or numbers (digits, no plus) this service may send from. */
  readonly senders: readonly string[]
  /** Several accounts use these senders: the client must name the service. */
  readonly shared: boolean
  /** False while no carrier binding works for it. */
  readonly live: boolean
}

/** How one account speaks MM7. */
export interface Mm7Access {
  readonly enabled: boolean
  /** SHA-256 of the VASPID (the account's API key). */
  readonly vaspIdHash: SecretHash
  /** Demanded HTTP Basic credentials. */
  readonly basic?: { readonly user: string; readonly passwordHash: SecretHash }
  /** Client addresses or CIDR ranges; empty for any. */
  readonly allowAddresses: readonly string[]
  /** Requests in clear are refused. Absent: they are served. */
  readonly tlsRequired?: boolean
  /** SHA-256 of certificates, 64 hex digits each: one of them is demanded. */
  readonly certificates?: readonly string[]
  /**
   * HTTP status of a refusal: always 200, 500 as SOAP 1.1 says, or the code's native one. Absent: as
   * the dialect says.
   */
  readonly faultStatus?: '200' | '500' | 'native'
  /** Media type of replies. */
  readonly replyType: 'text/xml' | 'application/xml'
  /** Where DeliveryReportReq and DeliverReq go; absent: nobody is told. */
  readonly callbackUrl?: string
  /** Basic credentials for the callback; the password is a secret reference, never a hash. */
  readonly callbackBasic?: { readonly user: string; readonly password: string }
  /** Overrides of the dialect's postback plan. */
  readonly callbackPerSecond?: number
  readonly callbackDelayMs?: number
  readonly callbackAttemptsMax?: number
  /** Reports may be switched off by the operator. */
  readonly reports: boolean
  /** Report texts carry the code behind the status. */
  readonly verboseReports: boolean
  /** An empty 200 answer to a callback counts as success. */
  readonly blankAnswerAccepted: boolean
  /** A submit is answered with what the next hop says first, if it says it in time. */
  readonly passThrough: boolean
  /** How long the answer to a submit waits for that, in milliseconds. */
  readonly passThroughWaitMs: number
  /** Recipients of one request, in place of the dialect's own limit; at most `RECIPIENTS_MAX`. */
  readonly recipientsMax?: number
  /** False: asking for read replies is refused. Absent: allowed. */
  readonly readReplies?: boolean
}

/**
 * How one account speaks MM4: as a peer MMSC that hands messages in, and that responses, reports
 * and messages from handsets go to. It is recognised by its login, its certificate or its address.
 */
export interface Mm4Access extends Mm4Peer {
  readonly enabled: boolean
  /** Reports may be switched off by the operator. */
  readonly reports: boolean
  /** It is told of attempts that failed for now, where it asked for reports. */
  readonly interimReports: boolean
}

/** What a client may bind as: which way messages go (SMPP 3.4 §2.2). */
export type SmppBind = 'transmitter' | 'receiver' | 'transceiver'

/** How one account speaks SMPP: as a client (ESME) that binds to us. */
export interface SmppAccess {
  readonly enabled: boolean
  readonly systemId: string
  readonly passwordHash: SecretHash
  /** Demanded system_type; absent for any. */
  readonly systemType?: string
  /** Client addresses or CIDR ranges; empty for any. */
  readonly allowAddresses: readonly string[]
  /** Binds in clear are refused. */
  readonly tlsRequired: boolean
  readonly binds: readonly SmppBind[]
  /** Sessions bound at once. */
  readonly sessionsMax: number
  /** Requests of the client without an answer, in one session; more are refused. */
  readonly windowMax: number
  /** Requests of ours without an answer, in one session; more wait. */
  readonly deliverWindowMax: number
  /** Messages per second; absent: the account's API calls. Excess is refused. */
  readonly perSecond?: number
  /** What its `data_coding` 0 means. */
  readonly defaultAlphabet: 'gsm7' | 'ascii' | 'latin1' | 'ucs2'
  /** How septets travel: one in each octet, or packed as on the air. */
  readonly septets: 'unpacked' | 'packed'
  /** `strict`: registered_delivery may be 0 or 1 and nothing else. */
  readonly registeredDelivery: 'standard' | 'strict'
  /** Receipts may be switched off by the operator, and those before the end apart. */
  readonly receipts: boolean
  readonly interimReceipts: boolean
  /** What a receipt says its state in: the customary text, parameters (TLVs), or both. */
  readonly receiptForm: 'text' | 'tlvs' | 'both'
  /** A message with the user_message_reference of an earlier one is that message again. */
  readonly repeatsByReference: boolean
}

/**
 * What an account may send, beside its limits. An empty list means anything; an account without a
 * policy is judged by `OPEN_POLICY`.
 */
export interface AccountPolicy {
  readonly channels: readonly Channel[]
  /** Senders must stand in the number inventory, as the account's. */
  readonly sendersFromInventory: boolean
  readonly shortCodes: boolean
  readonly tollFree: boolean
  /** MMS to fixed lines is tried instead of refused. */
  readonly fixedLines: boolean
  /** Countries it may reach, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[]
  /** Distinct recipients of one message. */
  readonly groupMax: number
  /** Media types it may send: whole types, or `image/*`. */
  readonly mediaTypes: readonly string[]
  /** Whole payload of one message, and of one from or to a toll-free number. */
  readonly contentBytesMax: number
  readonly tollFreeBytesMax: number
  /** A content filter that cannot be asked stops the message. */
  readonly filterRequired: boolean
}

/** Nothing is forbidden but by the limits. */
export const OPEN_POLICY: AccountPolicy = {
  channels: ['mms', 'sms'],
  sendersFromInventory: false,
  shortCodes: true,
  tollFree: true,
  fixedLines: true,
  countries: [],
  groupMax: 1000,
  mediaTypes: [],
  contentBytesMax: Number.MAX_SAFE_INTEGER,
  tollFreeBytesMax: Number.MAX_SAFE_INTEGER,
  filterRequired: false,
}

/** Most recipients one request may have, whatever an account is granted. */
export const RECIPIENTS_MAX = 1000

/** A tenant. */
export interface Account {
  readonly id: string
  readonly name: string
  /** The dialect it speaks, by name. */
  readonly dialect: string
  readonly enabled: boolean
  readonly mm7?: Mm7Access
  readonly mm4?: Mm4Access
  readonly smpp?: SmppAccess
  readonly services: readonly Service[]
  readonly limits: AccountLimits
  /** What the gateway answers to a subscriber's keyword in the account's name; absent: nothing. */
  readonly consentReplies?: ConsentReplies
  /** The client must name the carrier of each message (no look-up contract). */
  readonly carrierIdRequired: boolean
  /** A message whose carrier the client did not name is looked up; else the routes decide. */
  readonly carrierLookup: boolean
  /** Carriers it is provisioned on, by name; absent for all. */
  readonly carriers?: readonly string[]
  /** Messages without a SMIL part are refused. */
  readonly presentationRequired: boolean
  readonly policy?: AccountPolicy
}

/** Texts sent back for a keyword: to STOP once, and that one passes the block. */
export type ConsentReplies = { readonly [K in Consent]?: string }

/** Limits of one account. Each has a unit and, when passed, a code. */
export interface AccountLimits {
  /** API calls per second; excess is refused. */
  readonly callsPerSecond: number
  readonly callsBurst: number
  /** API calls in a minute and in a day, each from its first call on; absent: no limit. */
  readonly callsPerMinute?: number
  readonly callsPerDay?: number
  /** Decoded content of one message. */
  readonly contentBytesMax: number
}

/** A number or short code of ours and who owns it: one row of the inventory. */
export interface OwnNumber {
  /** Digits without plus, or a short code. */
  readonly number: string
  /** Absent while nobody has it. */
  readonly account?: string
  readonly service?: string
  readonly state: NumberState
  /** What it is enabled for; absent: everything. */
  readonly channels?: readonly Channel[]
  /** Every message from it fails: for trying out how a client takes it. */
  readonly failsAlways?: boolean
}

/** Only an active number sends and receives. */
export type NumberState = 'active' | 'disconnected' | 'unallocated' | 'suspended'

/** A number nobody may send to: the ledger of opt-outs, and what operators add to it. */
export interface Block {
  /** Digits without plus. */
  readonly number: string
  /** Only for this account; absent for all. */
  readonly account?: string
  /** Only from this number or short code of ours; absent for all. */
  readonly sender?: string
  readonly because: string
  /** The recipient asked for it: an import that replaces everything else keeps it. */
  readonly byRecipient?: boolean
}

/** Blocks by the keys `blockKey` makes. Opt-outs come and go in it without a new directory. */
export interface BlockLedger extends Pick<ReadonlyMap<string, Block>, 'get' | 'has' | 'size'> {
  values(): Iterable<Block>
}

/** An application that messages may be for, or that replies may go to (ApplicID). */
export interface Application {
  readonly id: string
  /** Only for this account; absent for all. */
  readonly account?: string
  /** False: registered, without permission or funds. */
  readonly enabled: boolean
}

/** Everything, by kind and name, as stored and as imported from a file. */
export interface DirectoryData {
  readonly accounts: readonly Account[]
  readonly numbers: readonly OwnNumber[]
  readonly carriers: readonly Carrier[]
  readonly routes: readonly RouteRule[]
  readonly blocks: readonly Block[]
  /** Absent: none. */
  readonly applications?: readonly Application[]
}

/** A snapshot with its indexes. Alone its blocks are live. */
export interface Directory extends DirectoryData {
  readonly accountById: ReadonlyMap<string, Account>
  readonly accountByVaspIdHash: ReadonlyMap<SecretHash, Account>
  readonly accountBySystemId: ReadonlyMap<string, Account>
  readonly carrierByName: ReadonlyMap<string, Carrier>
  readonly carrierByClientId: ReadonlyMap<string, Carrier>
  /** By the hash of the secret path segment it calls us back under. */
  readonly carrierByCallbackKeyHash: ReadonlyMap<SecretHash, Mm7Carrier>
  readonly ownNumber: ReadonlyMap<string, OwnNumber>
  readonly blocked: BlockLedger
  readonly applicationById: ReadonlyMap<string, Application>
}

/**
 * Builds the indexes. A later entry of the same name replaces an earlier one. `blocked` takes the
 * place of the data's own blocks and may change afterwards.
 */
export function indexDirectory(
  data: DirectoryData,
  blocked: BlockLedger = ledgerOf(data.blocks),
): Directory {
  const carrierIds = data.carriers.flatMap((carrier) =>
    carrier.ids.map((id) => [id, carrier] as const),
  )
  const keys = data.accounts.flatMap((account) =>
    account.mm7 === undefined ? [] : [[account.mm7.vaspIdHash, account] as const],
  )
  return {
    accounts: data.accounts,
    numbers: data.numbers,
    carriers: data.carriers,
    routes: data.routes,
    ...(data.applications === undefined ? {} : { applications: data.applications }),
    get blocks() {
      return [...blocked.values()]
    },
    accountById: new Map(data.accounts.map((account) => [account.id, account])),
    accountByVaspIdHash: new Map(keys),
    accountBySystemId: new Map(
      data.accounts.flatMap((account) =>
        account.smpp === undefined ? [] : [[account.smpp.systemId, account] as const],
      ),
    ),
    carrierByName: new Map(data.carriers.map((carrier) => [carrier.name, carrier])),
    carrierByClientId: new Map(carrierIds),
    carrierByCallbackKeyHash: new Map(
      data.carriers.filter(speaksMm7).flatMap((carrier) => {
        const { callback } = carrier.mm7
        return callback === undefined ? [] : [[callback.keyHash, carrier] as const]
      }),
    ),
    ownNumber: new Map(data.numbers.map((own) => [own.number, own])),
    blocked,
    applicationById: new Map((data.applications ?? []).map((one) => [one.id, one])),
  }
}

/** Blocks by their keys. */
export function ledgerOf(blocks: readonly Block[]): Map<string, Block> {
  return new Map(blocks.map((block) => [blockKey(block), block]))
}

/** Whose number it is, and the account when it exists and is enabled. */
export function ownerOf(
  { ownNumber, accountById }: Directory,
  number: string,
): { readonly own: OwnNumber; readonly account: Account | undefined } | undefined {
  const own = ownNumber.get(number)
  if (own === undefined) return undefined
  const account = own.account === undefined ? undefined : accountById.get(own.account)
  return { own, account: account?.enabled === true ? account : undefined }
}

/** The carrier of this id or name. */
export function findCarrier(
  { carrierByClientId, carrierByName }: Directory,
  id: string,
): Carrier | undefined {
  return carrierByClientId.get(id) ?? carrierByName.get(id)
}

/** The block that stops this account from sending to this address, if any. */
export function findBlock(
  { blocked }: Directory,
  { text: number }: Address,
  account: string,
  sender?: string,
): Block | undefined {
  if (blocked.size === 0) return undefined
  return (
    blocked.get(blockKey({ number })) ??
    blocked.get(blockKey({ number, account })) ??
    (sender === undefined
      ? undefined
      : (blocked.get(blockKey({ number, sender })) ??
        blocked.get(blockKey({ number, account, sender }))))
  )
}

/** Unique per block: what it is about, and for whom it holds. */
export function blockKey({
  number,
  account,
  sender,
}: Pick<Block, 'number' | 'account' | 'sender'>): string {
  if (sender !== undefined) return `${number} ${account ?? ''} ${sender}`
  return account === undefined ? number : `${number} ${account}`
}

/** A directory with nobody in it. */
export const EMPTY_DIRECTORY: Directory = indexDirectory({
  accounts: [],
  numbers: [],
  carriers: [],
  routes: [],
  blocks: [],
})
