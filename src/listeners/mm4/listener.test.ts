import { plainGuesses } from '../../../test/support/guesses.ts'
import {
  callDoor,
  forwardFields,
  handOver,
  THEIRS,
  writeMail,
} from '../../../test/support/mm4-client.ts'
import { openSystemClock } from '../../clock/system-clock.ts'
import { defaultMimeLimits } from '../../codecs/mime/limits.ts'
import { addressIn } from '../../config/allow-list.ts'
import { createCredentials } from '../../config/credentials.ts'
import { indexDirectory } from '../../core/directory.ts'
import { findSpoken } from '../../dialects/spoken.ts'
import { openMemoryMedia } from '../../media/memory/media.ts'
import { createNumberPlan } from '../../numbering/plan.ts'
import { mm4Carrier } from '../../simulator/carriers.ts'
import { worldOf } from '../../simulator/world.ts'
import { createSmtpPeers } from '../../transports/smtp/peers.ts'
import { createCallRates } from '../call-rates.ts'
import { describeListener } from '../listener.suite.ts'
import { openMm4Listener } from './listener.ts'

const DOMAIN = 'mms.gateway.example'
const OURS = `12345/TYPE=PLMN@${DOMAIN}`

describeListener('the MM4 door', {
  async open(behind) {
    const clock = openSystemClock()
    const directory = indexDirectory(worldOf([mm4Carrier({ host: '127.0.0.1', port: 1 })]))
    // Responses have nowhere to go; what is promised is the answer to the final dot.
    const peers = createSmtpPeers(() => undefined)
    const door = await openMm4Listener(
      {
        host: '127.0.0.1',
        port: 0,
        messageBytesMax: 1024 * 1024,
        recipientsMax: 10,
        connectionsMax: 100,
        commandTimeoutMs: 5000,
        dataTimeoutMs: 5000,
      },
      {
        ...behind,
        identity: { hostname: 'relay.gateway.example', domain: DOMAIN },
        directory: () => directory,
        checks: { addressIn, verify: createCredentials().verify },
        media: await openMemoryMedia(),
        clock,
        mime: defaultMimeLimits,
        validityMs: 86_400_000,
        dialectNamed: findSpoken,
        rates: createCallRates(clock),
        guesses: plainGuesses(clock),
        policies: { directory: () => directory, plan: createNumberPlan() },
        reasonOfCode: () => undefined,
        peers,
        receive: () => Promise.resolve('unknown'),
      },
    )
    const { port } = door.address
    const text = () => writeMail(forwardFields({ To: OURS }))
    return {
      port,
      ask: () => handOver(port, text(), [OURS]),
      async begin() {
        const client = await callDoor(port)
        for (const line of [`MAIL FROM:<${THEIRS}>`, `RCPT TO:<${OURS}>`, 'DATA']) {
          await client.ask(line)
        }
        client.send('X-Begun: yes\r\n')
        return { finish: () => client.ask(`${text()}.`) }
      },
      async close(deadlineMs) {
        await door.close(deadlineMs)
        await peers.close(0)
        clock.close()
      },
    }
  },
  yes: /^250 2\.0\.0/,
  full: /^452 4\.3\.1/,
  overloaded: /^451 4\.3\.2/,
  draining: /^421 4\.3\.2/,
  broken: /^451 4\.3\.0/,
})
