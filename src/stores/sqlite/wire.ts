/**
 * What the main thread and the store's threads say to each other. Values are cheap to post: JSON is
 * made and read on the main thread, inline contents of a batch share one transferred buffer.
 */
import type { Extent, MessageId } from '../../core/message.ts'
import type { StartFacts } from '../../engine/ports/start-facts.ts'
import type { DeliveryChange, Op, OpResults, Query, RemoteNames } from '../../engine/ports/store.ts'
import type { SqlRow, SqlValue } from './driver.ts'
import type { StoreOpenFault } from './open-error.ts'

export interface WireNotice {
  /** The recipient's index of the delivery it belongs to. */
  readonly index: number
  readonly accountId: string
  readonly lane: string
  readonly dueAt: number
  readonly leaseUntil: number | undefined
  readonly body: string
}

/** Per notice, in their order: its id when it is leased, else null; absent when none was to be. */
export type WireLeases = readonly (number | null)[] | undefined

/** Events of one op: a JSON list and the latest moment in it. */
export interface WireEvents {
  readonly body: string
  readonly at: number
}

export interface WireAccept {
  readonly op: 'accept'
  readonly id: MessageId
  readonly accountId: string
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly body: string
  /** In a posted batch a view of one buffer they all share. */
  readonly inline: Uint8Array | undefined
  readonly extents: readonly Extent[]
  /** Per delivery: index, recipient kind, recipient, lane, state, next at, reason. */
  readonly deliveries: readonly (readonly SqlValue[])[]
  readonly events: WireEvents | undefined
  readonly notices: readonly WireNotice[]
  readonly request: { readonly digest: string; readonly since: number } | undefined
  readonly mediaSegment: number
  readonly mediaOffset: number
  /** The part its set began with. */
  readonly parts: MessageId | undefined
}

export interface WireHoldPart {
  readonly op: 'hold-part'
  readonly account: string
  readonly setsMax: number
  readonly id: MessageId
  readonly key: string
  readonly total: number
  readonly sequence: number
  readonly fingerprint: string
  readonly at: number
  readonly expiresAt: number
  /** JSON of the whole part. */
  readonly body: string
}

export interface WireSettle {
  readonly op: 'settle'
  readonly deliveryId: number
  readonly version: number
  readonly change: DeliveryChange
  readonly events: WireEvents | undefined
  readonly notices: readonly WireNotice[]
  readonly link: RemoteNames | undefined
  readonly unpark: readonly number[]
}

export interface WireAppend {
  readonly op: 'append'
  readonly messageId: MessageId
  readonly events: WireEvents | undefined
  readonly unpark: readonly number[]
  readonly tell:
    | { readonly deliveryId: number; readonly notices: readonly WireNotice[] }
    | undefined
}

export interface WireRevise {
  readonly op: 'revise'
  readonly messageId: MessageId
  /** Per delivery: id, version, state, next at, reason. */
  readonly deliveries: readonly (readonly [number, number, string, number | null, string | null])[]
  readonly events: WireEvents | undefined
  /** JSON of what is replaced; the content is without its inline bytes. */
  readonly envelope: string | undefined
  readonly expiresAt: number | undefined
  readonly content:
    | {
        readonly body: string
        readonly inline: Uint8Array | undefined
        readonly extents: readonly Extent[]
      }
    | undefined
}

export interface WireSettleNotice {
  readonly op: 'settle-notice'
  readonly id: number
  readonly token: number
  readonly result: Extract<Op, { op: 'settle-notice' }>['result']
  readonly messageId: MessageId
  readonly events: WireEvents | undefined
}

export interface WireReceive {
  readonly op: 'receive'
  readonly route: string
  readonly remoteId: string
  readonly aliases?: readonly string[]
  readonly body: string
  readonly at: number
  readonly park: boolean
}

export interface WirePutDirectory {
  readonly op: 'put-directory'
  readonly entries: readonly (readonly [kind: string, name: string, value: string | undefined])[]
}

/** Ops that hold nothing but numbers and names go as they are. */
export type PlainOp = Extract<
  Op,
  {
    op:
      | 'claim'
      | 'claim-expired'
      | 'unspell'
      | 'claim-notices'
      | 'replay-notices'
      | 'make-due'
      | 'put-state'
      | 'purge'
      | 'relocate'
  }
>

export type WireOp =
  | WireAccept
  | WireHoldPart
  | WireSettle
  | WireAppend
  | WireRevise
  | WireSettleNotice
  | WireReceive
  | WirePutDirectory
  | PlainOp

/**
 * Rows as they were before the lease, for the main thread to finish. Deliveries share their message:
 * a bulk message is posted once for all its recipients.
 */
export interface WireClaim {
  readonly deliveries: readonly SqlRow[]
  readonly leasedAt: number
  readonly leaseUntil: number
  /** Index into `messages`, per delivery. */
  readonly messageOf: readonly number[]
  readonly messages: readonly SqlRow[]
  readonly nextAt: number | undefined
}

/** A delivery's row with that of its message. */
export interface WireDelivery {
  readonly delivery: SqlRow
  readonly message: SqlRow
}

/** What an op answers, before it is decoded. */
export interface WireResults {
  accept:
    | {
        readonly kind: 'accepted'
        readonly firstDeliveryId: number
        readonly leases: WireLeases
      }
    | { readonly kind: 'duplicate'; readonly messageId: MessageId; readonly extents: string }
    | { readonly kind: 'id-taken' | 'parts-gone' }
  'hold-part': OpResults['hold-part']
  claim: WireClaim
  'claim-expired': WireClaim
  settle:
    | {
        readonly kind: 'done'
        readonly version: number
        readonly parked: readonly SqlRow[]
        readonly leases: WireLeases
      }
    | { readonly kind: 'stale'; readonly current: WireDelivery | undefined }
  append: OpResults['append']
  revise: OpResults['revise']
  receive: ({ readonly kind: 'found' } & WireDelivery) | { readonly kind: 'parked' | 'unknown' }
  unspell: OpResults['unspell']
  /** Rows as they were before the lease. */
  'claim-notices': { readonly rows: readonly SqlRow[]; readonly nextAt: number | undefined }
  'settle-notice': OpResults['settle-notice']
  'replay-notices': OpResults['replay-notices']
  'make-due': OpResults['make-due']
  'put-directory': OpResults['put-directory']
  'put-state': OpResults['put-state']
  purge: OpResults['purge']
  relocate: OpResults['relocate']
}

export type WireResult = WireResults[keyof WireResults]

/** What became of the ops of one commit. */
export type GroupOutcome =
  | { readonly kind: 'done'; readonly results: readonly WireResult[] }
  /** The disk is full; nothing of it was kept. */
  | { readonly kind: 'full'; readonly because: string }
  /** A fault of ours in this group alone; nothing of it was kept. */
  | { readonly kind: 'failed'; readonly because: string }

export interface BatchRequest {
  readonly kind: 'batch'
  readonly groups: readonly (readonly WireOp[])[]
}

export type StoreRequest =
  | BatchRequest
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'discard'; readonly messageIds: readonly MessageId[] }
  | { readonly kind: 'close' }

export type StoreReply =
  | { readonly kind: 'opened'; readonly start: StartFacts }
  | {
      readonly kind: 'refused'
      readonly code: StoreOpenFault
      readonly message: string
      readonly hint: string
    }
  | { readonly kind: 'batch'; readonly outcomes: readonly GroupOutcome[] }
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly because: string }
  /** The disk or the file is broken; nothing more will be answered. */
  | { readonly kind: 'fatal'; readonly because: string }
  | { readonly kind: 'closed' }

/** What a store's thread is started with. */
export interface ThreadOptions {
  readonly path: string
  /** Page cache of its connection, in KiB. */
  readonly cacheKiB: number
  /** Says whether the thread is at work, and whether it still may be. */
  readonly mark: Int32Array
}
