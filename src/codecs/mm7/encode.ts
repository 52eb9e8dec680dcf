/**
 * Typed operations into MM7 envelopes. The MM7 namespace is the default one, declared on the
 * operation element itself, and no child has a prefix: of the forms that are right, this is the one
 * that every known peer reads.
 */
import { type SoapFaultCode, writeEnvelope, writeFault } from '../soap/envelope.ts'
import { elementOf } from '../soap/xml-writer.ts'
import { writeFields } from './fields.ts'
import { planOf } from './operations.ts'
import type { Mm7Operation, Received } from './types.ts'

/** A message to write. */
export interface Mm7Outgoing {
  /** Echoed from the request; `undefined`: it could not be read. */
  readonly transactionId: string | undefined
  readonly namespace: string
  /** May lack elements, so that tests and simulators can write requests with a defect. */
  readonly operation: Received<Mm7Operation>
  /** For RSErrorRsp and VASPErrorRsp, which travel in a SOAP Fault. Default: Client. */
  readonly faultCode?: SoapFaultCode
  readonly soapPrefix?: string
}

const FAULT_TEXTS: Readonly<Record<SoapFaultCode, string>> = {
  Client: 'Client error',
  Server: 'Server error',
  MustUnderstand: 'A mandatory header entry was not understood',
  VersionMismatch: 'Unknown envelope namespace',
}

/** Writes a whole envelope, XML declaration included, to be sent as UTF-8. */
export function encodeMm7(message: Mm7Outgoing): string {
  const { operation, namespace, soapPrefix } = message
  const frame = {
    transactionId: message.transactionId,
    namespace,
    ...(soapPrefix === undefined ? {} : { soapPrefix }),
  }
  const markup = elementOf(operation.name, writeFields(planOf(operation.name), operation), {
    xmlns: namespace,
  })
  if (operation.name !== 'RSErrorRsp' && operation.name !== 'VASPErrorRsp') {
    return writeEnvelope(frame, markup)
  }
  const code = message.faultCode ?? 'Client'
  return writeEnvelope(frame, writeFault(code, FAULT_TEXTS[code], markup, soapPrefix))
}
