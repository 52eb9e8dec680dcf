/** Attempts and settings for tests: whole values, of which a test changes what it is about. */
import type { SmppCarrier } from '../../../core/carrier.ts'
import type { Envelope, Part, SmsDetails } from '../../../core/message.ts'
import type { SmppPeer } from '../../../core/smpp-peer.ts'
import type { Attempt } from '../../../engine/ports/connector.ts'

const ENVELOPE: Envelope = {
  sender: { kind: 'short-code', text: '12345' },
  messageClass: 'personal',
  priority: 'normal',
  senderVisible: true,
  adaptationAllowed: true,
  deliveryReports: true,
  readReports: false,
}

/** When attempts are made. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A text to a number. */
export function textTo(
  number: string,
  text: string,
  change: Partial<Attempt> & { readonly serial?: number; readonly sms?: Partial<SmsDetails> } = {},
): Attempt {
  const { serial = 1, sms, ...rest } = change
  return octetsTo(number, 'text/plain', Buffer.from(text), {
    serial,
    envelope: { ...ENVELOPE, sms: { alphabet: 'gsm7', ...sms } },
    ...rest,
  })
}

/** Octets of any kind to a number. */
export function octetsTo(
  number: string,
  mediaType: string,
  bytes: Uint8Array,
  change: Partial<Attempt> & { readonly serial?: number } = {},
): Attempt {
  const { serial = 1, ...rest } = change
  const part: Part = {
    mediaType,
    contentType: mediaType,
    encoding: 'binary',
    offset: 0,
    length: bytes.length,
    decodedLength: bytes.length,
  }
  const messageId = String(123456789012345000n + BigInt(serial))
  return {
    messageId,
    index: 0,
    accountId: 'tenant',
    key: `${messageId}-0`,
    number: 1,
    recipient: { kind: 'number', text: number },
    envelope: ENVELOPE,
    acceptedAt: NOW,
    expiresAt: NOW + 3_600_000,
    dialect: 'bandwidth',
    content: { parts: [part], length: bytes.length, extents: [] },
    async *open() {
      yield bytes
    },
    ...rest,
  }
}

/** A carrier whose centre listens there, impatient as tests are. */
export function carrierAt(port: number, change: Partial<SmppPeer> = {}): SmppCarrier {
  return {
    name: 'harbour',
    title: 'Harbour',
    enabled: true,
    ids: [],
    smpp: {
      host: '127.0.0.1',
      port,
      tls: false,
      systemId: 'us',
      password: 'secret',
      interfaceVersion: 0x34,
      bindAs: 'transceiver',
      binds: 1,
      window: 8,
      enquireLinkMs: 30_000,
      reconnectDelayMsMin: 5,
      reconnectDelayMsMax: 20,
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
      sendsReports: true,
      intermediateReceipts: false,
      receiptsFor: 'each-part',
      receiptsUnmarked: false,
      idForm: 'auto',
      dropsDuplicates: false,
      throttledCounts: false,
      attemptsMax: 3,
      retryDelayMsMin: 10,
      retryDelayMsMax: 20,
      attemptTimeoutMs: 5000,
      responseTimeoutMs: 5000,
      reportWindowMs: 60_000,
      ...change,
    },
  }
}
