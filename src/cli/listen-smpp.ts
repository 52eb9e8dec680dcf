/** `carillon listen --smpp`: stays bound as a client's program would, and takes what is delivered. */
import { COMMAND_STATUS } from '../codecs/smpp/command-status.ts'
import { deliverLines, readDeliverSm } from './deliver-view.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { bindSmpp, type SmppWishes } from './smpp-bind.ts'
import type { Terminal } from './terminal.ts'

/** Takes receipts and messages until told to stop, or until `count` have come. */
export async function listenSmpp(
  wishes: SmppWishes & { readonly count: number | undefined; readonly answer: number | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  let left = wishes.count ?? Number.POSITIVE_INFINITY
  let enough = () => {}
  const done = new Promise<void>((resolve) => {
    enough = resolve
  })
  const { session, place, systemId } = await bindSmpp(
    wishes,
    'receiver',
    {
      request(body) {
        if (body.command !== 'deliver_sm') return { commandStatus: COMMAND_STATUS.ESME_RX_R_APPN }
        const read = readDeliverSm(body)
        const at = Date.now()
        if (terminal.json) terminal.printJson({ at, ...read })
        else for (const line of deliverLines(read, at, terminal.paint)) terminal.print(line)
        left -= 1
        if (left <= 0) enough()
        return { commandStatus: wishes.answer ?? COMMAND_STATUS.ESME_ROK }
      },
    },
    terminal,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough())
  // Last: whoever reads this line may send a signal at once.
  if (terminal.json) terminal.printJson({ listening: true, smpp: place, systemId })
  else terminal.say(`Bound to ${place} as ${systemId}, for receipts and messages.`)
  const ended = await Promise.race([done, session.closed])
  if (ended === undefined) {
    await session.unbind()
    return EXIT.ok
  }
  terminal.say(`the message centre ended the session: ${ended.detail}`)
  return EXIT.unavailable
}
