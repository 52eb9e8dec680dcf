/** A message centre of others, the npm package: ids in hexadecimal, receipts in decimal, as many do. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import {
  type ForeignPdu,
  type ForeignSession,
  foreignSmpp,
} from '../../src/codecs/smpp/testing/foreign-smpp.ts'
import type { Issued } from './authority.ts'

const BINDS = ['bind_transceiver', 'bind_transmitter', 'bind_receiver']

export interface ForeignCentre {
  readonly port: number
  /** Binds so far. */
  readonly binds: number
}

export interface ForeignCentreOptions {
  readonly submitted?: (pdu: ForeignPdu) => void
  /** TLS from the first byte, with this certificate. */
  readonly certificate?: Issued
}

export async function openForeignCentre(
  t: TestContext,
  { submitted, certificate }: ForeignCentreOptions,
): Promise<ForeignCentre> {
  let lastId = 0xab00
  let binds = 0
  const server = foreignSmpp.createServer(
    {
      ...(certificate === undefined
        ? {}
        : { key: readFileSync(certificate.keyFile), cert: readFileSync(certificate.certFile) }),
    },
    (session: ForeignSession) => {
      session.on('error', () => undefined)
      for (const command of [...BINDS, 'enquire_link', 'unbind']) {
        session.on(command, (pdu: ForeignPdu) => {
          if (BINDS.includes(command)) binds += 1
          session.send(pdu.response())
        })
      }
      session.on('submit_sm', (pdu: ForeignPdu) => {
        lastId += 1
        const id = lastId
        submitted?.(pdu)
        session.send(pdu.response({ message_id: id.toString(16).toUpperCase() }))
        session.send(
          new foreignSmpp.PDU('deliver_sm', {
            source_addr: pdu.destination_addr,
            destination_addr: pdu.source_addr,
            esm_class: 4,
            short_message: `id:${id} sub:001 dlvrd:001 submit date:2611211000 done date:2611211001 stat:DELIVRD err:000 text:`,
          }),
        )
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    get binds() {
      return binds
    },
  }
}
