/** The handler mounted on a server of its own, with what it was handed kept for the test to see. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { plainGuesses } from '../../../../test/support/guesses.ts'
import { defaultMm7Limits } from '../../../codecs/mm7/request-reader.ts'
import { addressIn } from '../../../config/allow-list.ts'
import { createCredentials } from '../../../config/credentials.ts'
import { hashKey, hashPassword } from '../../../config/secret.ts'
import { type Account, indexDirectory } from '../../../core/directory.ts'
import type { Submission } from '../../../core/message.ts'
import type { Report } from '../../../core/outcome.ts'
import { createAdmission } from '../../../engine/admission.ts'
import { openMemoryMedia } from '../../../media/memory/media.ts'
import type { UpstreamDoorParts, UpstreamPeer } from '../door.ts'
import { createUpstreamHandler } from '../handler.ts'

/** The secret segment of the only upstream. */
export const KEY = 'a-secret-of-theirs'
export const LOGIN = { user: 'relay', password: 'ding' }
const PREFIX = '/mm7-upstream'

export interface Received {
  readonly route: string
  readonly remoteId: string
  readonly report: Report
  readonly park: boolean
}

export interface Mounted {
  readonly origin: string
  readonly url: string
  readonly reports: Received[]
  readonly submissions: Submission[]
  readonly alarms: unknown[]
  readonly refused: string[]
  readonly parts: UpstreamDoorParts
}

const account: Account = {
  id: 'tenant',
  name: 'Tenant',
  dialect: 'sinch',
  enabled: true,
  services: [],
  limits: { callsPerSecond: 1, callsBurst: 1, contentBytesMax: 1 },
  carrierIdRequired: false,
  carrierLookup: false,
  presentationRequired: false,
}

const directory = indexDirectory({
  accounts: [account, { ...account, id: 'asleep', enabled: false }],
  numbers: [
    { number: '12345', account: 'tenant', service: 'service', state: 'active' },
    { number: '15550100777', account: 'tenant', state: 'active' },
    { number: '54321', account: 'asleep', state: 'active' },
  ],
  carriers: [],
  routes: [],
  blocks: [],
})

export interface MountOptions {
  readonly peer?: Partial<UpstreamPeer>
  readonly withLogin?: boolean
  readonly parts?: Partial<UpstreamDoorParts>
}

/** Mounts it, and takes it down after the test. */
export async function mount(t: TestContext, options: MountOptions = {}): Promise<Mounted> {
  const kept: Omit<Mounted, 'parts' | 'origin' | 'url'> = {
    reports: [],
    submissions: [],
    alarms: [],
    refused: [],
  }
  const basic =
    options.withLogin === true
      ? { user: LOGIN.user, passwordHash: await hashPassword(LOGIN.password) }
      : undefined
  const peer: UpstreamPeer = {
    name: 'upstream',
    fromAddresses: [],
    forwardedMeans: 'forwarded',
    ...(basic === undefined ? {} : { basic }),
    ...options.peer,
  }
  const clock = { now: () => 1_000_000, wakeAt: () => ({ cancel: () => undefined }) }
  const parts: UpstreamDoorParts = {
    prefix: PREFIX,
    findUpstream: (keyHash) => (keyHash === hashKey(KEY) ? peer : undefined),
    directory: () => directory,
    checks: { hashKey, addressIn, verify: createCredentials().verify },
    admission: createAdmission({
      reserve: { diskReserveBytes: 0, diskReserveShare: 0 },
      readingBytesMax: 64 * 1024 * 1024,
    }),
    media: await openMemoryMedia(),
    clock,
    guesses: plainGuesses(clock),
    limits: { requestBytesMax: 1024 * 1024, mm7: defaultMm7Limits, drainBytesMax: 4 * 1024 * 1024 },
    validityMs: 86_400_000,
    async accept(submission) {
      kept.submissions.push(submission)
      return { kind: 'accepted', messageId: '123456789012345678' }
    },
    async receive(route, remoteId, report, park) {
      kept.reports.push({ route, remoteId, report, park })
      return 'applied'
    },
    observer: {
      refused: (_door, code) => void kept.refused.push(code),
      answered: () => undefined,
    },
    alarm: (_where, error) => void kept.alarms.push(error),
    ...options.parts,
  }
  const handle = createUpstreamHandler(parts)
  const server = createServer({ insecureHTTPParser: true }, (request, response) => {
    void handle(request, response)
  })
  server.on('checkContinue', (request, response) => void handle(request, response, true))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return { ...kept, parts, origin, url: `${origin}${PREFIX}/${KEY}` }
}
