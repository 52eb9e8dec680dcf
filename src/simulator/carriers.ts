/** The sandbox's carriers as the directory knows them, and the routes that lead to them. */
import { hashKey } from '../config/secret.ts'
import type { Mm4Carrier, Mm4Peer, Mm7Carrier, Mm7Upstream, SmppCarrier } from '../core/carrier.ts'
import type { RouteRule } from '../core/route.ts'
import type { SmppPeer } from '../core/smpp-peer.ts'
import { CONDITIONS, mm4Number, SMALL_PREFIX, UPSTREAM_PREFIX } from './scripts.ts'
import { OPT_OUT_ERR, SPAM_ERR } from './smsc-scripts.ts'

/** The simulated MM4 carrier's name in the directory. */
export const SANDBOX_CARRIER = 'sandbox'
/** The simulated MM7 upstream's. */
export const SANDBOX_UPSTREAM = 'sandbox-mm7'
/** The simulated carrier's that takes no large messages: pictures are made smaller for it. */
export const SANDBOX_SMALL = 'sandbox-small'
/** The simulated message centre's, for short messages. */
export const SANDBOX_SMSC = 'sandbox-smsc'
const SMALL_MESSAGE_BYTES = 100 * 1024
/** Domain of the MM4 carrier. */
export const SANDBOX_DOMAIN = 'mms.sandbox.example'

/**
 * Multimedia goes by MM4, but for the numbers of the upstream and of the small carrier; short messages
 * go to the message centre.
 */
export const SANDBOX_ROUTES = (): readonly RouteRule[] => [
  ...CONDITION_ROUTES,
  { name: 'sandbox-default', prefix: '', carrier: SANDBOX_CARRIER, enabled: true },
  { name: 'sandbox-sms', prefix: '', carrier: SANDBOX_SMSC, enabled: true },
  { name: 'sandbox-mm7', prefix: UPSTREAM_PREFIX, carrier: SANDBOX_UPSTREAM, enabled: true },
  { name: 'sandbox-small', prefix: SMALL_PREFIX, carrier: SANDBOX_SMALL, enabled: true },
]

/** One way for each number whose carrier is in a condition of its own. */
const CONDITION_ROUTES = Object.entries(CONDITIONS).map(
  ([code, carrier]): RouteRule => ({
    name: `sandbox-${code}`,
    prefix: mm4Number(code),
    carrier,
    enabled: true,
  }),
)

/** Where a simulated carrier listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Short waits: in a sandbox nobody wants to wait half an hour to see a retry. */
const SHORT = {
  dropsDuplicates: true,
  sendsReports: true,
  connections: 16,
  attemptsMax: 3,
  retryDelayMsMin: 500,
  retryDelayMsMax: 2000,
  attemptTimeoutMs: 5000,
  reportWindowMs: 7_200_000,
} as const

/** The carrier that speaks MM4. */
export function mm4Carrier({ host, port }: Place): Mm4Carrier {
  return {
    name: SANDBOX_CARRIER,
    title: 'Simulated carrier',
    enabled: true,
    ids: ['31002', '0001890'],
    mm4: {
      host,
      port,
      domain: SANDBOX_DOMAIN,
      tls: 'off',
      fromAddresses: LOOPBACK,
      version: '6.10.0',
      ackRequest: true,
      responseTimeoutMs: 10_000,
      ...SHORT,
    },
  }
}

/** Two hours, where nobody wants to wait them. */
const IMPATIENT_MS = 1000
/** Nothing listens there. */
const CLOSED_PORT = 1
/** A name that leads nowhere, by agreement (RFC 6761 §6.4). */
const NOWHERE = 'nowhere.invalid'

/** Carriers in trouble, or held back: each brings about one code. */
export function conditionedCarriers(place: Place): readonly Mm4Carrier[] {
  const { mm4 } = mm4Carrier(place)
  const make = (
    name: ValueOf<typeof CONDITIONS>,
    title: string,
    change: Partial<Mm4Peer>,
    more: Partial<Mm4Carrier> = {},
  ): Mm4Carrier => ({
    name,
    title,
    enabled: true,
    ids: [],
    ...more,
    mm4: { ...mm4, fromAddresses: [], ...change },
  })
  // It answers nobody: all of them would look like the first carrier at this address.
  const silent = { ackRequest: false, sendsReports: false }
  return [
    make('sandbox-paused', 'Simulated carrier that is held back', {}, { paused: true }),
    make('sandbox-off', 'Simulated carrier that is switched off', {}, { enabled: false }),
    make('sandbox-closed', 'Simulated carrier whose port is closed', { port: CLOSED_PORT }),
    make('sandbox-nowhere', 'Simulated carrier of no address', { host: NOWHERE, mx: true }),
    make('sandbox-narrow', 'Simulated carrier with one connection', {
      ...silent,
      connections: 1,
      window: 4,
      waitingMax: 0,
    }),
    make('sandbox-impatient', 'Simulated carrier whose reports are not waited for', {
      ackRequest: false,
      reportWindowMs: IMPATIENT_MS,
    }),
  ]
}

type ValueOf<T> = T[keyof T]

/** The upstream that speaks MM7. */
export function mm7Carrier(url: string): Mm7Carrier {
  const upstream: Mm7Upstream = {
    url,
    vaspId: SANDBOX_UPSTREAM,
    version: '6.8.0',
    numberForm: 'digits',
    shortCodeElement: 'ShortCode',
    headers: [],
    readReplies: true,
    forwardedMeans: 'forwarded',
    blankMeansAccepted: false,
    connectTimeoutMs: 5000,
    answerTimeoutMs: 3000,
    ...SHORT,
  }
  return {
    name: SANDBOX_UPSTREAM,
    title: 'Simulated upstream MMSC',
    enabled: true,
    ids: ['31003', '0001470'],
    mm7: playedMm7(upstream, SANDBOX_UPSTREAM, url),
  }
}

/** The same upstream under another name, with less room. */
export function smallCarrier(url: string): Mm7Carrier {
  const { mm7 } = mm7Carrier(url)
  return {
    name: SANDBOX_SMALL,
    title: 'Simulated carrier that takes 100 KB',
    enabled: true,
    ids: ['31004'],
    budget: { messageBytesMax: SMALL_MESSAGE_BYTES },
    mm7: playedMm7(mm7, SANDBOX_SMALL, url),
  }
}

const LOOPBACK = ['127.0.0.1', '::1']

/** An operator's MM4 peer, played by the sandbox. */
export function playedMm4(
  { auth: _login, mx: _mx, tlsFiles: _files, ...peer }: Mm4Peer,
  { host, port }: Place,
): Mm4Peer {
  return { ...peer, host, port, tls: 'off', fromAddresses: LOOPBACK }
}

/** An operator's MM7 upstream, played by the sandbox, which calls back under a key of its own. */
export function playedMm7(
  { basic: _login, tls: _files, ...upstream }: Mm7Upstream,
  name: string,
  url: string,
): Mm7Upstream {
  const callback = { keyHash: hashKey(callbackKey(name)), fromAddresses: LOOPBACK }
  return { ...upstream, url, vaspId: name, callback }
}

/** The last segment of the path under which a simulated upstream calls back. */
export function callbackKey(name: string): string {
  return `sandbox-${Buffer.from(name).toString('base64url')}`
}

/** The message centre, and how it is bound to. */
export function smscCarrier({ host, port }: Place): SmppCarrier {
  const { connections: _connections, ...patience } = SHORT
  return {
    name: SANDBOX_SMSC,
    title: 'Simulated message centre',
    enabled: true,
    ids: [],
    smpp: {
      host,
      port,
      tls: false,
      systemId: 'carillon',
      password: 'sandbox',
      interfaceVersion: 0x34,
      bindAs: 'transceiver',
      binds: 2,
      window: 16,
      enquireLinkMs: 30_000,
      reconnectDelayMsMin: 100,
      reconnectDelayMsMax: 2000,
      defaultAlphabet: 'gsm7',
      alphabets: ['gsm7', 'ucs2'],
      septets: 'unpacked',
      languages: [],
      longMessages: 'udh',
      partsMax: 20,
      senderNumber: { ton: 1, npi: 1 },
      senderShortCode: { ton: 3, npi: 0 },
      senderName: { ton: 5, npi: 0 },
      recipientNumber: { ton: 1, npi: 1 },
      numberForm: 'digits',
      validity: 'relative',
      messageReference: false,
      intermediateReceipts: false,
      receiptsFor: 'each-part',
      receiptsUnmarked: false,
      idForm: 'auto',
      overrides: [
        { on: 'err', value: SPAM_ERR, reason: 'spam-refused' },
        { on: 'err', value: OPT_OUT_ERR, reason: 'recipient-opted-out' },
      ],
      throttledCounts: true,
      responseTimeoutMs: 3000,
      ...patience,
      // SMPP has no key by which it could know a repetition.
      dropsDuplicates: false,
    },
  }
}

/** An operator's message centre, played by the sandbox, which lets anybody in. */
export function playedSmpp(
  { tlsFiles: _files, ...peer }: SmppPeer,
  { host, port }: Place,
): SmppPeer {
  return { ...peer, host, port, tls: false }
}
