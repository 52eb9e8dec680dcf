/** The adapter, loaded with the first content that is to be measured against a budget. */
import type { AdapterOptions } from '../adaptation/adapter.ts'
import type { Adapter } from '../engine/ports/adapter.ts'

export function lateAdapter(options: AdapterOptions): Adapter {
  let opened: Promise<Adapter> | undefined
  const open = async () => (await import('../adaptation/adapter.ts')).openAdapter(options)
  return {
    async fit(request, signal) {
      opened ??= open()
      return (await opened).fit(request, signal)
    },
    async close() {
      await (await opened)?.close()
    },
  }
}
