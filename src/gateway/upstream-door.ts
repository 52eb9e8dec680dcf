/** The door upstream MMSCs call back at, put together: who calls, and what their codes mean. */
import { meaningOf } from '../connectors/mm7/code-reasons.ts'
import { speaksMm7 } from '../core/carrier.ts'
import type { Directory, SecretHash } from '../core/directory.ts'
import type { Reason } from '../core/reason.ts'
import type { UpstreamDoorParts, UpstreamPeer } from '../listeners/mm7-upstream/door.ts'
import { createUpstreamHandler, type UpstreamHandler } from '../listeners/mm7-upstream/handler.ts'
import { findRow } from './mm7-way.ts'

/** All but what the directory answers. */
export type UpstreamParts = Omit<UpstreamDoorParts, 'findUpstream' | 'reasonOfCode'>

export function createUpstreamDoor(parts: UpstreamParts): UpstreamHandler {
  const { directory } = parts
  return createUpstreamHandler({
    ...parts,
    findUpstream: (keyHash) => upstreamPeer(directory(), keyHash),
    reasonOfCode: (name, code) => reasonOfCode(directory(), name, code),
  })
}

/** The upstream that calls us back under this secret. */
function upstreamPeer(directory: Directory, keyHash: SecretHash): UpstreamPeer | undefined {
  const carrier = directory.carrierByCallbackKeyHash.get(keyHash)
  const callback = carrier?.mm7.callback
  if (carrier?.enabled !== true || callback === undefined) return undefined
  return {
    name: carrier.name,
    ...(callback.basic === undefined ? {} : { basic: callback.basic }),
    fromAddresses: callback.fromAddresses,
    forwardedMeans: carrier.mm7.forwardedMeans,
  }
}

/** What a code in the text of an upstream's report means. */
function reasonOfCode(directory: Directory, name: string, code: number): Reason | undefined {
  const carrier = directory.carrierByName.get(name)
  if (carrier === undefined || !speaksMm7(carrier)) return undefined
  const { codes } = carrier.mm7
  const meaning = meaningOf(code, (digits) =>
    codes === undefined ? undefined : findRow(codes, digits),
  )
  return meaning.kind === 'refusal' ? meaning.reason : undefined
}
