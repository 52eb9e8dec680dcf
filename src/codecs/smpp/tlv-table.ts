/**
 * The optional parameters (TLVs) of SMPP 3.4 §5.3.2, and those of 5.0 that gateways meet, by their
 * names in our spelling. The table makes the types: a row here is a typed field of `SmppTlvs`.
 */

/** A value's form: big-endian integers, text that ends in NUL, plain octets, or type and code. */
export type TlvKind = 'u8' | 'u16' | 'u32' | 'text' | 'octets' | 'network-error'

/** One optional parameter. */
export interface TlvRow {
  readonly tag: number
  readonly kind: TlvKind
  /** Octets of the value, for `text` with its NUL and for `octets`; inclusive. */
  readonly octetsMin?: number
  readonly octetsMax?: number
  /** May stand several times in one PDU. */
  readonly repeats?: true
}

/** Octets a TLV can hold: its length field has 16 bits. */
export const TLV_OCTETS_MAX = 0xffff

/** All known parameters, in the order of their tags. */
export const TLVS = {
  destAddrSubunit: { tag: 0x0005, kind: 'u8' },
  destNetworkType: { tag: 0x0006, kind: 'u8' },
  destBearerType: { tag: 0x0007, kind: 'u8' },
  destTelematicsId: { tag: 0x0008, kind: 'u16' },
  sourceAddrSubunit: { tag: 0x000d, kind: 'u8' },
  sourceNetworkType: { tag: 0x000e, kind: 'u8' },
  sourceBearerType: { tag: 0x000f, kind: 'u8' },
  sourceTelematicsId: { tag: 0x0010, kind: 'u8' },
  qosTimeToLive: { tag: 0x0017, kind: 'u32' },
  payloadType: { tag: 0x0019, kind: 'u8' },
  additionalStatusInfoText: { tag: 0x001d, kind: 'text', octetsMax: 256 },
  receiptedMessageId: { tag: 0x001e, kind: 'text', octetsMax: 65 },
  msMsgWaitFacilities: { tag: 0x0030, kind: 'u8' },
  privacyIndicator: { tag: 0x0201, kind: 'u8' },
  sourceSubaddress: { tag: 0x0202, kind: 'octets', octetsMin: 2, octetsMax: 23 },
  destSubaddress: { tag: 0x0203, kind: 'octets', octetsMin: 2, octetsMax: 23 },
  userMessageReference: { tag: 0x0204, kind: 'u16' },
  userResponseCode: { tag: 0x0205, kind: 'u8' },
  sourcePort: { tag: 0x020a, kind: 'u16' },
  destinationPort: { tag: 0x020b, kind: 'u16' },
  sarMsgRefNum: { tag: 0x020c, kind: 'u16' },
  languageIndicator: { tag: 0x020d, kind: 'u8' },
  sarTotalSegments: { tag: 0x020e, kind: 'u8' },
  sarSegmentSeqnum: { tag: 0x020f, kind: 'u8' },
  scInterfaceVersion: { tag: 0x0210, kind: 'u8' },
  callbackNumPresInd: { tag: 0x0302, kind: 'u8', repeats: true },
  callbackNumAtag: { tag: 0x0303, kind: 'octets', octetsMax: 65, repeats: true },
  numberOfMessages: { tag: 0x0304, kind: 'u8' },
  callbackNum: { tag: 0x0381, kind: 'octets', octetsMin: 4, octetsMax: 19, repeats: true },
  dpfResult: { tag: 0x0420, kind: 'u8' },
  setDpf: { tag: 0x0421, kind: 'u8' },
  msAvailabilityStatus: { tag: 0x0422, kind: 'u8' },
  networkErrorCode: { tag: 0x0423, kind: 'network-error' },
  messagePayload: { tag: 0x0424, kind: 'octets' },
  deliveryFailureReason: { tag: 0x0425, kind: 'u8' },
  moreMessagesToSend: { tag: 0x0426, kind: 'u8' },
  messageState: { tag: 0x0427, kind: 'u8' },
  // SMPP 5.0 §4.8.4.18: 0 idle to 99 congested; a peer slows down before it is refused.
  congestionState: { tag: 0x0428, kind: 'u8' },
  ussdServiceOp: { tag: 0x0501, kind: 'u8' },
  billingIdentification: { tag: 0x060b, kind: 'octets', octetsMin: 1, octetsMax: 1024 },
  sourceNetworkId: { tag: 0x060d, kind: 'text', octetsMax: 65 },
  destNetworkId: { tag: 0x060e, kind: 'text', octetsMax: 65 },
  displayTime: { tag: 0x1201, kind: 'u8' },
  smsSignal: { tag: 0x1203, kind: 'u16' },
  msValidity: { tag: 0x1204, kind: 'u8' },
  // Empty in 3.4, one octet in 5.0: that it stands there is what it says.
  alertOnMessageDelivery: { tag: 0x130c, kind: 'octets', octetsMax: 1 },
  itsReplyType: { tag: 0x1380, kind: 'u8' },
  itsSessionInfo: { tag: 0x1383, kind: 'octets', octetsMin: 2, octetsMax: 2 },
} as const satisfies Record<string, TlvRow>

/** The name of a known parameter. */
export type TlvName = keyof typeof TLVS

/** network_error_code (SMPP 3.4 §5.3.2.31). */
export interface NetworkError {
  /** 1 ANSI-136, 2 IS-95, 3 GSM; vendors use others. */
  readonly networkType: number
  /** What the network said, 16 bits. */
  readonly errorCode: number
}

/** A parameter as it came, or as it shall go. */
export interface RawTlv {
  readonly tag: number
  readonly value: Uint8Array
}

interface ValueOfKind {
  u8: number
  u16: number
  u32: number
  text: string
  octets: Uint8Array
  'network-error': NetworkError
}

type ValueOf<R extends TlvRow> = R extends { readonly repeats: true }
  ? readonly ValueOfKind[R['kind']][]
  : ValueOfKind[R['kind']]

/** The optional parameters of a PDU: known ones by name, all else under `others`. */
export type SmppTlvs = { readonly [N in TlvName]?: ValueOf<(typeof TLVS)[N]> } & {
  /** Unknown tags and vendors' own; second values of parameters that may stand only once. */
  readonly others?: readonly RawTlv[]
}

/** No parameters. */
export const NO_TLVS: SmppTlvs = Object.freeze({})
