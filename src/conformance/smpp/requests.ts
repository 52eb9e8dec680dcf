/** submit_sm as values: right as they are made, and each of the ways in which they can be wrong. */
import { createSubmitSm } from '../../codecs/smpp/create-body.ts'
import type { SmppAddress, SubmitSm } from '../../codecs/smpp/pdu.ts'

/** Changes one thing of a request. */
export type SmppChange = (request: SubmitSm) => SubmitSm

/** Who sends to whom; digits without a plus. */
export interface SmppWish {
  readonly sender: string
  readonly recipient: string
  /** user_message_reference: comes back in every receipt. */
  readonly reference: number
}

/** SMPP 3.4 §5.2.5 and §5.2.6: an international number of the telephone plan. */
const number = (addr: string): SmppAddress => ({ ton: 1, npi: 1, addr })
/** Receipts of every end. */
const RECEIPT = 0x01
/** And of what comes before the end. */
const INTERMEDIATE = 0x10
const UDHI = 0x40
const TEXT = Buffer.from('Conformance')
/** Concatenation with a reference of eight bits: identifier and length (TS 23.040 §9.2.3.24.1). */
const CONCATENATION = [0x00, 0x03] as const
/** Octets of a header with nothing but that, without the one that says so. */
const HEADER_OCTETS = 5
/** More than a message can be long. */
const HEADER_TOO_LONG = 200
const OCTET = 0x100

/** A request without defect. */
export function goodSubmitSm({ sender, recipient, reference }: SmppWish): SubmitSm {
  return createSubmitSm({
    source: number(sender),
    destination: number(recipient),
    registeredDelivery: RECEIPT,
    shortMessage: TEXT,
    tlvs: { userMessageReference: reference },
  })
}

/** One part of several, under the reference of the request. */
export function part(sequence: number, total: number): SmppChange {
  return (request) => {
    const reference = (request.tlvs.userMessageReference ?? 0) % OCTET
    const header = [HEADER_OCTETS, ...CONCATENATION, reference, total, sequence]
    return {
      ...request,
      esmClass: UDHI,
      shortMessage: Buffer.concat([Buffer.from(header), TEXT, Buffer.from(String(sequence))]),
    }
  }
}

/** A header that ends behind the message. */
export const headerTooLong: SmppChange = (request) => ({
  ...request,
  esmClass: UDHI,
  shortMessage: Buffer.concat([Buffer.from([HEADER_TOO_LONG, ...CONCATENATION]), TEXT]),
})

/** registered_delivery. */
export function receiptFlag(registeredDelivery: number): SmppChange {
  return (request) => ({ ...request, registeredDelivery })
}

/** Not before an hour is over (SMPP 3.4 §7.1.1.2), with receipts for what comes before the end. */
export const inAnHour: SmppChange = (request) => ({
  ...request,
  scheduleDeliveryTime: '000000010000000R',
  registeredDelivery: RECEIPT | INTERMEDIATE,
})
