/**
 * A carrier or upstream MMSC and how we reach it. Each speaks one protocol with us, under the member
 * that bears its name: `carrier.mm4 !== undefined` says which.
 */
import type { ContentBudget } from './content-budget.ts'
import type { SecretHash } from './directory.ts'
import type { Channel } from './message.ts'
import type { Reason } from './reason.ts'
import type { SmppPeer } from './smpp-peer.ts'

/** A peer MMSC we exchange MM4 with over SMTP: a carrier's, or a client's. */
export interface Mm4Peer {
  readonly host: string
  readonly port: number
  /** `host` is a domain whose mail exchangers are asked for (RFC 5321 §5.1). Absent: it is a host. */
  readonly mx?: boolean
  /** Domain after the @ of recipient addresses. */
  readonly domain: string
  /** `implicit`: TLS from the first byte, 2465 by custom. */
  readonly tls: 'off' | 'opportunistic' | 'required' | 'implicit'
  /** PEM files for TLS; read by whoever opens the connections. */
  readonly tlsFiles?: {
    readonly caFile?: string
    readonly certFile?: string
    readonly keyFile?: string
  }
  readonly auth?: { readonly user: string; readonly password: string }
  /** Addresses or CIDR ranges this peer connects from; empty: it must authenticate. */
  readonly fromAddresses: readonly string[]
  /** Credentials this peer authenticates with when it connects to us. */
  readonly peerAuth?: { readonly user: string; readonly passwordHash: SecretHash }
  /** SHA-256 of certificates this peer shows when it connects to us, 64 hex digits each. */
  readonly certificates?: readonly string[]
  readonly version: string
  /** How it wants subscribers' addresses: `+E164/TYPE=PLMN@domain`, or without the type. */
  readonly addressForm?: 'plmn' | 'plain'
  /** Headers it wants beside the usual ones. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
  /** Dialect whose codes it puts into its answers; absent: it has none. */
  readonly codes?: string
  /** What its words mean where the common tables are wrong about it; the first match counts. */
  readonly overrides?: readonly AnswerOverride[]
  /** Messages it takes over one connection; absent for no limit. */
  readonly messagesPerConnection?: number
  /** Messages that may wait for a connection; absent for a default. */
  readonly waitingMax?: number
  /** Ask for MM4_forward.RES. */
  readonly ackRequest: boolean
  /** Whether the peer sends delivery reports when asked. */
  readonly sendsReports: boolean
  readonly dropsDuplicates: boolean
  readonly connections: number
  /** Requests under way at once, those that wait for a connection included; absent: connections. */
  readonly window?: number
  /** Messages per second; absent for no limit. */
  readonly perSecond?: number
  readonly attemptsMax: number
  readonly retryDelayMsMin: number
  readonly retryDelayMsMax: number
  readonly attemptTimeoutMs: number
  readonly responseTimeoutMs: number
  readonly reportWindowMs: number
}

/** One answer of a far end and what it means there. */
export interface AnswerOverride {
  /** Words the answer holds, in any case; a reply code such as `550` counts as a word. */
  readonly contains: string
  readonly reason: Reason
}

/** An upstream MMSC to which we are a VASP. Secrets we present may be references. */
export interface Mm7Upstream {
  /** Where SubmitReq goes. */
  readonly url: string
  readonly vaspId: string
  readonly vasId?: string
  readonly basic?: { readonly user: string; readonly password: string }
  /** MM7Version and namespace we write; the namespace usual for the version when absent. */
  readonly version: string
  readonly namespace?: string
  /** What we switch to, once, when it answers that it does not speak the first. */
  readonly fallbackVersion?: string
  readonly fallbackNamespace?: string
  /** Dialect whose rows say what its codes mean; 3GPP's own numbers when absent. */
  readonly codes?: string
  /** ServiceCode where the message has none. */
  readonly serviceCode?: string
  /** How numbers are written. */
  readonly numberForm: 'digits' | 'plus'
  /** Element in which our short codes travel. */
  readonly shortCodeElement: 'Number' | 'ShortCode'
  /** Headers it wants beside the usual ones. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** It sends delivery reports when asked. */
  readonly sendsReports: boolean
  /** Ask for read replies where the message wants them. */
  readonly readReplies: boolean
  /** What `Forwarded` means in its reports: an interim word, or the end as in 3GPP. */
  readonly forwardedMeans: 'handed-to-network' | 'forwarded'
  /** It drops a repeated TransactionID: a lost answer may be mended by sending again. */
  readonly dropsDuplicates: boolean
  /** It takes CancelReq for what it has not delivered; absent: it does. */
  readonly servesCancel?: boolean
  /** How long its answer to a CancelReq may take; absent for a default. */
  readonly cancelTimeoutMs?: number
  /** An empty 200 answer is its yes. */
  readonly blankMeansAccepted: boolean
  /** PEM files for TLS; read by whoever opens the connections. */
  readonly tls?: {
    readonly caFile?: string
    readonly certFile?: string
    readonly keyFile?: string
  }
  /** How it calls us back; absent: it cannot. */
  readonly callback?: {
    /** SHA-256 of the secret last segment of the path we gave it. */
    readonly keyHash: SecretHash
    readonly basic?: { readonly user: string; readonly passwordHash: SecretHash }
    /** Addresses or CIDR ranges it calls from; empty for any. */
    readonly fromAddresses: readonly string[]
  }
  readonly connections: number
  readonly perSecond?: number
  readonly attemptsMax: number
  readonly retryDelayMsMin: number
  readonly retryDelayMsMax: number
  readonly attemptTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly reportWindowMs: number
}

/** The protocols a carrier may speak, and the settings of each. */
interface Protocols {
  readonly mm4: Mm4Peer
  readonly mm7: Mm7Upstream
  readonly smpp: SmppPeer
}

interface Entry {
  readonly name: string
  readonly title: string
  readonly enabled: boolean
  /** It takes messages and attempts none of them: they wait. Absent: it works. */
  readonly paused?: boolean
  /** Ids clients may name it by in their carrier header. */
  readonly ids: readonly string[]
  /** What it takes; pictures are made smaller for it where the client permits. */
  readonly budget?: ContentBudget
}

/** A carrier that speaks this protocol and no other. */
type Speaking<Protocol extends keyof Protocols> = Entry &
  Pick<Protocols, Protocol> & { readonly [Other in Exclude<keyof Protocols, Protocol>]?: never }

/** A carrier we exchange MM4 with. */
export type Mm4Carrier = Speaking<'mm4'>

/** A carrier we submit to over MM7. */
export type Mm7Carrier = Speaking<'mm7'>

/** A carrier whose message centre we are bound to. */
export type SmppCarrier = Speaking<'smpp'>

/** A carrier of any protocol. */
export type Carrier = { [Protocol in keyof Protocols]: Speaking<Protocol> }[keyof Protocols]

/** Narrows to a carrier that speaks MM4. */
export function speaksMm4(carrier: Carrier): carrier is Mm4Carrier {
  return carrier.mm4 !== undefined
}

/** Narrows to a carrier that speaks MM7. */
export function speaksMm7(carrier: Carrier): carrier is Mm7Carrier {
  return carrier.mm7 !== undefined
}

/** Narrows to a carrier that speaks SMPP. */
export function speaksSmpp(carrier: Carrier): carrier is SmppCarrier {
  return carrier.smpp !== undefined
}

/** What kinds of messages a carrier takes. */
export function channelsOf(carrier: Carrier): readonly Channel[] {
  return carrier.smpp === undefined ? MMS : SMS
}

const MMS: readonly Channel[] = ['mms']
const SMS: readonly Channel[] = ['sms']
