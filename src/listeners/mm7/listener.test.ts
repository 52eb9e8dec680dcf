import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { plainGuesses } from '../../../test/support/guesses.ts'
import { exchange, exchangeOn, writeRequest } from '../../../test/support/mm7-client.ts'
import { openSystemClock } from '../../clock/system-clock.ts'
import { defaultMm7Limits } from '../../codecs/mm7/request-reader.ts'
import { addressIn } from '../../config/allow-list.ts'
import { createCredentials } from '../../config/credentials.ts'
import { hashKey } from '../../config/secret.ts'
import { indexDirectory } from '../../core/directory.ts'
import { SPOKEN } from '../../dialects/spoken.ts'
import { openMemoryMedia } from '../../media/memory/media.ts'
import { mm4Carrier } from '../../simulator/carriers.ts'
import { worldOf } from '../../simulator/world.ts'
import { createCallRates } from '../call-rates.ts'
import { describeListener } from '../listener.suite.ts'
import { isMm7Dialect } from './door.ts'
import { openMm7Listener } from './listener.ts'

const MIB = 1024 * 1024

/** Nothing was ever kept behind this door. */
const NO_MESSAGES = async () => ({ kind: 'refused', reason: 'message-unknown' }) as const

describeListener('the MM7 door', {
  async open(behind) {
    const clock = openSystemClock()
    const directory = indexDirectory(worldOf([mm4Carrier({ host: '127.0.0.1', port: 1 })]))
    const door = await openMm7Listener(
      {
        host: '127.0.0.1',
        port: 0,
        headersTimeoutMs: 5000,
        requestTimeoutMs: 5000,
        keepAliveTimeoutMs: 5000,
        connectionsMax: 100,
      },
      {
        ...behind,
        dialects: SPOKEN.filter(isMm7Dialect),
        reviser: {
          knows: async () => false,
          judgeCancel: NO_MESSAGES,
          cancel: NO_MESSAGES,
          judgeReplace: NO_MESSAGES,
          replace: NO_MESSAGES,
        },
        directory: () => directory,
        rates: createCallRates(clock),
        guesses: plainGuesses(clock),
        checks: { hashKey, addressIn, verify: createCredentials().verify },
        media: await openMemoryMedia(),
        clock,
        limits: { requestBytesMax: 16 * MIB, mm7: defaultMm7Limits, drainBytesMax: MIB },
        observer: { refused: () => undefined, answered: () => undefined },
      },
    )
    const { port } = door.address
    return {
      port,
      ask: async () => (await exchange(port, writeRequest({}))).body,
      async begin() {
        const bytes = writeRequest({ headers: { Expect: '100-continue' } })
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => undefined)
        const middle = bytes.indexOf('\r\n\r\n') + 4
        socket.write(bytes.subarray(0, middle))
        // The leave to go on is the door's word that it has begun; before it, it may not know of us.
        const [leave] = await once(socket, 'data')
        assert.match(String(leave), /^HTTP\/1\.1 100 /)
        return { finish: async () => (await exchangeOn(socket, bytes.subarray(middle))).body }
      },
      async close(deadlineMs) {
        await door.close(deadlineMs)
        clock.close()
      },
    }
  },
  yes: /<StatusCode>1000</,
  full: /<StatusCode>3000</,
  overloaded: /<StatusCode>3000</,
  draining: /<StatusCode>3000</,
  broken: /<StatusCode>3000</,
})
