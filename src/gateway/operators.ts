/** The operators' side: admin door, readiness, disk watch, and the file by which commands find us. */
import type { AdminParts, AdminRoute, GatewayStatus } from '../admin/route.ts'
import { type AdminServer, openAdmin } from '../admin/server.ts'
import { describeWait, type LaneFacts } from '../admin/wait.ts'
import { adminTokenPath, openAdminToken } from '../config/admin-token.ts'
import { removeRunFile, writeRunFile } from '../config/run-file.ts'
import type { Directory } from '../core/directory.ts'
import { REASONS } from '../core/reason.ts'
import type { DirectoryHolder } from '../engine/directory-holder.ts'
import type { Engine } from '../engine/engine.ts'
import type { GatewayOptions } from '../gateway.ts'
import { openDiskWatch } from '../operations/disk-watch.ts'
import type { Sandbox } from '../simulator/sandbox.ts'
import type { Doors } from './doors.ts'
import type { Keeping } from './keeping.ts'
import type { Senses } from './senses.ts'
import type { Ways } from './ways.ts'

export interface OperatorsParts {
  readonly options: GatewayOptions
  readonly senses: Senses
  readonly keeping: Keeping
  readonly engine: Engine
  readonly holder: DirectoryHolder
  /** The directory as it is used: secrets read, the sandbox laid over it. */
  readonly directory: () => Directory
  readonly ways: Ways
  readonly doors: Doors
  readonly sandbox: Sandbox | undefined
}

export interface Operators extends Pick<AdminServer, 'address'> {
  /** No longer ready: load balancers look elsewhere while the rest ends. */
  leave(): void
  close(): Promise<void>
}

export async function openOperators(parts: OperatorsParts): Promise<Operators> {
  const { options, senses, keeping, engine, holder, directory, ways, doors } = parts
  const { config, version } = options
  const startedAt = senses.clock.now()
  const watch = await openDiskWatch(config.data, senses.admission.disk, (error) =>
    senses.alarm('disk watch', error),
  )
  const laneFacts = (lane: string): LaneFacts | undefined => {
    const way = ways.out.find(lane)?.lane
    if (way === undefined) return undefined
    return {
      open: true,
      concurrency: way.concurrency,
      held: engine.scheduler.held(lane),
      ...(way.rate === undefined ? {} : { perSecond: way.rate.perSecond }),
    }
  }
  const status = (): GatewayStatus => {
    const refusal = senses.admission.refusal()
    return {
      version,
      startedAt,
      ready: refusal === undefined,
      checks: [
        {
          name: 'admission',
          ok: refusal === undefined,
          ...(refusal === undefined ? {} : { because: REASONS[refusal].text }),
        },
      ],
      facts: { held: engine.scheduler.held(), sandbox: config.sandbox.enabled },
    }
  }
  const adminParts: AdminParts = {
    store: keeping.store,
    directory: {
      current: directory,
      async import(request) {
        const { importDirectory } = await import('../admin/directory-import.ts')
        return importDirectory(holder, request, { env: options.env })
      },
      async removeOptOuts(choice) {
        const { removeOptOuts } = await import('../admin/opt-outs.ts')
        return removeOptOuts(holder, keeping.store, choice)
      },
    },
    status,
    explainWait: (delivery) => describeWait(delivery, laneFacts(delivery.lane), senses.clock.now()),
    metrics: () => senses.metrics.exposition(),
    kick: engine.scheduler,
    now: () => senses.clock.now(),
  }
  const admin = await openAdmin({
    ...adminParts,
    host: config.admin.host,
    port: config.admin.port,
    token: openAdminToken(adminTokenPath(config)),
    extraRoutes: sandboxRoutes(parts),
    failed: (id, error) => senses.alarm(`admin request ${id}`, error),
  })
  const at = ({ address, port }: { address: string; port: number }) => ({ host: address, port })
  writeRunFile(config.data, {
    pid: process.pid,
    version,
    startedAt,
    addresses: {
      http: at(doors.http.address),
      smtp: doors.smtp.address,
      smpp: doors.smpp.address,
      admin: at(admin.address),
    },
  })
  return {
    address: admin.address,
    leave: () => removeRunFile(config.data, process.pid),
    async close() {
      watch.close()
      await admin.close()
    },
  }
}

/** Moving the clock is for the sandbox alone: a real gateway's time is the world's. */
function sandboxRoutes({ sandbox, senses }: OperatorsParts): readonly AdminRoute[] {
  if (sandbox === undefined) return []
  const show = () => ({
    json: { now: senses.clock.now(), offsetMs: senses.clock.offsetMs },
  })
  return [
    {
      method: 'GET',
      path: '/sandbox/clock',
      summary: 'Shows the sandbox clock.',
      answer: '`now` (epoch milliseconds) and `offsetMs`, how far it was moved.',
      handle: show,
    },
    {
      method: 'POST',
      path: '/sandbox/clock',
      summary: 'Moves the sandbox clock forward; what becomes due happens at once.',
      body: { description: '`{"advanceMs": 7200000}`', bytesMax: 1024 },
      answer: 'As GET.',
      handle(request) {
        const advanceMs = advanceOf(request.body)
        if (advanceMs === undefined) {
          return { status: 422, json: { title: 'advanceMs must be a number of milliseconds ≥ 0' } }
        }
        senses.clock.advance(advanceMs)
        return show()
      },
    },
  ]
}

function advanceOf(body: Uint8Array): number | undefined {
  try {
    const { advanceMs } = JSON.parse(Buffer.from(body).toString('utf8')) as { advanceMs?: unknown }
    return typeof advanceMs === 'number' && Number.isFinite(advanceMs) && advanceMs >= 0
      ? advanceMs
      : undefined
  } catch {
    return undefined
  }
}
