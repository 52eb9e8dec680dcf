/** The shape of one path of the admin API. A route is data plus one function. */
import type { Account, Block, Directory } from '../core/directory.ts'
import type { Kick } from '../engine/parts.ts'
import type { Delivery, Store } from '../engine/ports/store.ts'
import type { DirectoryImport, Imported } from './directory-import.ts'
import type { OptOutChoice } from './opt-outs.ts'

/** A request that passed the token check, its body read whole. */
export interface AdminRequest {
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Media type of the body in lower case, without parameters; empty when there is none. */
  readonly mediaType: string
  readonly body: Uint8Array
}

/** What goes back. Exactly one of `json`, `text` and `bytes`. */
export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
} & (
  | { readonly json: unknown; readonly mediaType?: string }
  | { readonly text: string; readonly mediaType?: string }
  | { readonly bytes: Uint8Array; readonly mediaType: string }
)

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Segments that begin with a colon are parameters: `/admin/messages/:id`. */
  readonly path: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** True where no token is asked: health and metrics alone. */
  readonly open?: true
  /** Query parameters and what they mean. */
  readonly query?: Readonly<Record<string, string>>
  /** Absent: the route takes no body. */
  readonly body?: { readonly description: string; readonly bytesMax: number }
  /** What comes back, in words. */
  readonly answer: string
  handle(request: AdminRequest, parts: AdminParts): Reply | Promise<Reply>
}

/** One thing that has to be in order before the gateway takes messages. */
export interface ReadinessCheck {
  readonly name: string
  readonly ok: boolean
  /** Why not; a sentence. */
  readonly because?: string
}

export interface GatewayStatus {
  readonly version: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly ready: boolean
  readonly checks: readonly ReadinessCheck[]
  /** Whatever else there is to tell: doors, disk, entries in memory. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** The live directory as the API uses it. */
export interface AdminDirectory {
  current(): Directory
  import(request: DirectoryImport): Promise<Imported>
  /** Takes opt-outs back; answers what was there. */
  removeOptOuts(choice: OptOutChoice): Promise<readonly Block[]>
}

/** What the routes work with. */
export interface AdminParts {
  readonly store: Pick<Store, 'read' | 'commit'>
  readonly directory: AdminDirectory
  readonly status: () => GatewayStatus
  /** Why a delivery that has not ended is not moving, and until when: one sentence. */
  readonly explainWait: (delivery: Delivery) => string
  /** Prometheus text. */
  readonly metrics: () => Promise<string>
  /** Wakes lanes after their entries were made due. */
  readonly kick: Kick
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Finds an account by its id; the routes that take `account` refuse unknown ones. */
export function findAccount(parts: AdminParts, id: string): Account | undefined {
  return parts.directory.current().accountById.get(id)
}
