/** The northbound doors: MM7 over HTTP, MM4 over SMTP, and SMPP. */
import { readFile } from 'node:fs/promises'
import { defaultMm7Limits } from '../codecs/mm7/request-reader.ts'
import { addressIn } from '../config/allow-list.ts'
import type { Config } from '../config/config-schema.ts'
import { createCredentials } from '../config/credentials.ts'
import { hashKey } from '../config/secret.ts'
import type { Directory } from '../core/directory.ts'
import type { Submission } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import { reasonOfCode as reasonOfMm4Code } from '../dialects/mm4-face.ts'
import { findSpoken } from '../dialects/spoken.ts'
import type { Engine } from '../engine/engine.ts'
import { StoreFullError, StoreOverloadedError } from '../engine/ports/store-error.ts'
import type { Reviser } from '../engine/reviser.ts'
import { blamingRepeats } from '../listeners/blame-repeats.ts'
import { createCallRates } from '../listeners/call-rates.ts'
import { createGuesses, type GuessObserver } from '../listeners/guesses.ts'
import type { Mm4DoorParts } from '../listeners/mm4/door.ts'
import type { Mm4ListenerOptions } from '../listeners/mm4/listener.ts'
import { openMm7Listener } from '../listeners/mm7/listener.ts'
import type { UpstreamHandler } from '../listeners/mm7-upstream/handler.ts'
import type { PolicySources } from '../listeners/policy-judge.ts'
import type { SmppInbound, SmppInboundParts } from '../listeners/smpp-carrier/inbound.ts'
import { type LateServer, openLateServer } from '../transports/late-server.ts'
import type { Keeping } from './keeping.ts'
import { late } from './late.ts'
import type { Outside } from './outside.ts'
import type { Senses } from './senses.ts'
import type { SmppParts } from './smpp-door.ts'
import type { UpstreamParts } from './upstream-door.ts'
import type { Ways } from './ways.ts'

export interface DoorsParts {
  readonly config: Config
  readonly senses: Senses
  readonly keeping: Keeping
  readonly engine: Engine
  readonly directory: () => Directory
  readonly ways: Ways
  readonly outside: Outside
}

/** Bytes of a refused request that are still read, so that the peer sees the answer. */
const DRAIN_BYTES_MAX = 1024 * 1024

/** Upstream MMSCs call us back below this path. */
const UPSTREAM_PREFIX = '/mm7-upstream'

export type Doors = Awaited<ReturnType<typeof openDoors>>

export async function openDoors(parts: DoorsParts) {
  const { config, senses, keeping, engine, directory, ways, outside } = parts
  const { limits } = config
  const credentials = createCredentials()
  const checks = {
    hashKey,
    addressIn,
    verify: credentials.verify.bind(credentials),
  }
  const mime = {
    depthMax: limits.mimeDepthMax,
    partsMax: limits.mimePartsMax,
    headerBytesMax: limits.mimeHeaderBytesMax,
    headerFieldsMax: defaultMm7Limits.mime.headerFieldsMax,
  }
  const shared = {
    directory,
    checks,
    rates: createCallRates(senses.clock),
    guesses: createGuesses(senses.clock, limits, guessObserver(senses)),
    admission: senses.admission,
    media: keeping.media,
    clock: senses.clock,
    alarm: senses.alarm,
    accept: (submission: Submission) => keptOrRefused(senses, () => engine.accept(submission)),
  }
  const httpLimits = {
    requestBytesMax: limits.requestBytesMax,
    drainBytesMax: DRAIN_BYTES_MAX,
    mm7: {
      mime,
      xml: {
        ...defaultMm7Limits.xml,
        bytesMax: limits.envelopeBytesMax,
        depthMax: limits.xmlDepthMax,
        elementsMax: limits.xmlElementsMax,
      },
    },
  }
  const upstream = lateUpstreamDoor({
    ...shared,
    prefix: UPSTREAM_PREFIX,
    receive: engine.receive,
    observer: senses.metrics,
    limits: httpLimits,
    validityMs: config.engine.validityMsMax,
  })
  const httpTls = await readTls(config.http.tls)
  const requestCert = config.http.tls?.clientCertificates === true
  const http = await openMm7Listener(
    { ...config.http, ...(httpTls === undefined ? {} : { tls: { ...httpTls, requestCert } }) },
    {
      ...shared,
      accept: blamingRepeats(shared.accept, (error) => senses.alarm('accept', error)),
      fetchMedia: outside.fetchMedia,
      ...(outside.carrierLookup === undefined ? {} : { carrierLookup: outside.carrierLookup }),
      dialects: ways.mm7Dialects,
      reviser: reviserOf(senses, engine),
      observer: senses.metrics,
      limits: httpLimits,
      besides: new Map([[UPSTREAM_PREFIX, upstream]]),
    },
  )
  const smtpTls = await readTls(config.smtp.tls)
  const { tls: smtpFiles, ...smtpOptions } = config.smtp
  const requestClientCert = smtpFiles?.clientCertificates === true
  const smtp = await openSmtp(
    {
      ...smtpOptions,
      // In the sandbox nobody else is on the line.
      allowPlainAuth: config.sandbox.enabled,
      ...(smtpTls === undefined ? {} : { tls: { options: smtpTls, requestClientCert } }),
    },
    {
      ...shared,
      receive: engine.receive,
      peers: ways.peers,
      policies: policiesOf(directory, outside),
      fetchInto: outside.fetchInto,
      identity: { hostname: config.smtp.hostname, domain: config.smtp.domain },
      mime,
      validityMs: config.engine.validityMsMax,
      dialectNamed: findSpoken,
      reasonOfCode(name, code) {
        const dialect = findSpoken(name)
        return dialect === undefined ? undefined : reasonOfMm4Code(dialect, code)
      },
    },
  )
  const smpp = await openSmpp(config.smpp, await readTls(config.smpp.tls), {
    ...shared,
    engine,
    policies: policiesOf(directory, outside),
    clients: ways.smppClients,
    read: (query) => keeping.store.read(query),
    hold: (part) => keptOrRefused(senses, () => engine.hold(part)),
    reviser: reviserOf(senses, engine),
    observer: senses.metrics,
  })
  const smppInbound = lateSmppInbound({
    ...shared,
    hold: (part) => keptOrRefused(senses, () => engine.hold(part)),
    validityMs: config.engine.validityMsMax,
  })
  return {
    http,
    smtp,
    smpp,
    /** For what message centres bring over binds of ours. */
    smppInbound,
    async close(deadlineMs: number) {
      await Promise.all([http.close(deadlineMs), smtp.close(deadlineMs), smpp.close(deadlineMs)])
    },
  }
}

/** What serves mail comes with the first connection, or at once where certificates are to be read. */
async function openSmtp(options: Mm4ListenerOptions, parts: Mm4DoorParts): Promise<LateServer> {
  const { host, port } = options
  const failed = (error: unknown) => parts.alarm('mm4', error)
  const server = await openLateServer({ host, port, allowHalfOpen: true, failed }, async () => {
    const { openMm4Listener } = await import('../listeners/mm4/listener.ts')
    return (listening) => openMm4Listener({ ...options, listening }, parts)
  })
  return options.tls === undefined ? server : loaded(server)
}

/** What serves SMPP comes with the first connection, or at once where certificates are to be read. */
async function openSmpp(
  config: Config['smpp'],
  tls: { readonly key: string; readonly cert: string } | undefined,
  parts: SmppParts,
): Promise<LateServer> {
  const { host, port } = config
  const failed = (error: unknown) => parts.alarm('smpp', error)
  const server = await openLateServer({ host, port, failed }, async () => {
    const { openSmppDoor } = await import('./smpp-door.ts')
    return (listening) => openSmppDoor(config, tls, parts, listening)
  })
  return tls === undefined ? server : loaded(server)
}

async function loaded(server: LateServer): Promise<LateServer> {
  try {
    await server.load()
    return server
  } catch (error) {
    await server.close(0)
    throw error
  }
}

/** Message centres bring something only where there are any. */
function lateSmppInbound(parts: SmppInboundParts): SmppInbound {
  const inbound = late(async () =>
    (await import('../listeners/smpp-carrier/inbound.ts')).createSmppInbound(parts),
  )
  return async (carrier, body) => (await inbound.get())(carrier, body)
}

/** Most gateways have no upstream MMSC: what serves one comes with its first call. */
function lateUpstreamDoor(parts: UpstreamParts): UpstreamHandler {
  const door = late(async () => (await import('./upstream-door.ts')).createUpstreamDoor(parts))
  return async (request, response, awaitsContinue) =>
    (await door.get())(request, response, awaitsContinue)
}

/** What every door judges by whose dialect writes down an order of policies. */
function policiesOf(directory: () => Directory, outside: Outside): PolicySources {
  const { plan, carrierLookup: lookup, filter } = outside
  return {
    directory,
    plan,
    ...(lookup === undefined ? {} : { lookup }),
    ...(filter === undefined ? {} : { filter }),
  }
}

function guessObserver({ metrics, log }: Senses): GuessObserver {
  return {
    identificationFailed: metrics.identificationFailed,
    guessing: (door, address) =>
      log.warn({ door, address }, 'somebody guesses keys: nothing from there is looked at for now'),
  }
}

function reviserOf(senses: Senses, { reviser }: Engine): Reviser {
  return {
    ...reviser,
    cancel: (target) => keptOrRefused(senses, () => reviser.cancel(target)),
    replace: (target, by) => keptOrRefused(senses, () => reviser.replace(target, by)),
  }
}

type Refused = { readonly kind: 'refused'; readonly reason: Reason }

/** What the store refuses for lack of room is the client's to repeat, not a fault of ours. */
async function keptOrRefused<Result>(
  { admission }: Senses,
  keep: () => Promise<Result>,
): Promise<Result | Refused> {
  try {
    return await keep()
  } catch (error) {
    if (error instanceof StoreFullError) {
      admission.storeFull(true)
      return { kind: 'refused', reason: 'storage-full' }
    }
    if (error instanceof StoreOverloadedError) return { kind: 'refused', reason: 'overloaded' }
    throw error
  }
}

async function readTls(files: { readonly key: string; readonly cert: string } | undefined) {
  if (files === undefined) return undefined
  const [key, cert] = await Promise.all([readFile(files.key, 'utf8'), readFile(files.cert, 'utf8')])
  return { key, cert }
}
