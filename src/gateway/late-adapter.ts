/** The adapter, loaded with the first content that is to be measured against a budget. */
import type { AdapterOptions } from '../adaptation/adapter.ts'
import type { Adapter } from '../engine/ports/adapter.ts'
import { late } from './late.ts'

export function lateAdapter(options: AdapterOptions): Adapter {
  const adapter = late(async () => (await import('../adaptation/adapter.ts')).openAdapter(options))
  return {
    fit: async (request, signal) => (await adapter.get()).fit(request, signal),
    close: async () => (await adapter.made())?.close(),
  }
}
