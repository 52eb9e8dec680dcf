/** Debian's Postfix and Kannel beside the gateway, in the same run: `npm run interop` installs them. */
import { findProgram } from '../test/support/peer-process.ts'
import { missingPostfix } from '../test/support/postfix.ts'
import { measureKannel } from './peers-kannel.ts'
import { measureMm4 } from './peers-mm4.ts'
import type { Section } from './section.ts'

export const peers: Section = {
  name: 'peers',
  title: 'Beside Postfix and Kannel',
  about:
    'Debian’s programs and the gateway on these cores, one after the other, medians of rounds that ' +
    'take turns. MM4: the same smtp-source with the same mails (each to a recipient of its own) into ' +
    'smtp-sink, which keeps nothing; into a bare server of some lines that writes and syncs and ' +
    'does nothing else; into the gateway, which keeps all before its 250; through the gateway to ' +
    'smtp-sink; and through Postfix, as Debian sets it up, with its queue. Kannel: sendsms over ' +
    'HTTP, through its spool, which is not synced, to an emulated message centre; the gateway: ' +
    'submit_sm over SMPP, synced, to the same centre.',
  async run(bench) {
    const postfix = missingPostfix('smtp-sink', 'smtp-source')
    if (postfix !== false) bench.say(`peers: no Postfix: ${postfix}`)
    const kannel = findProgram('bearerbox') !== undefined && findProgram('smsbox') !== undefined
    if (!kannel) bench.say('peers: no Kannel: npm run interop')
    return [
      ...(postfix === false ? await measureMm4(bench) : []),
      ...(kannel ? await measureKannel(bench) : []),
    ]
  },
}

/** BENCH_SHARE=0.1 measures with a tenth of the messages. */
export function shareOf(count: number): number {
  return Math.ceil(count * Number(process.env.BENCH_SHARE ?? 1))
}

/** What `t.after` is to a test: closes in reverse order. */
export function createClosing() {
  const done: (() => Promise<void> | void)[] = []
  return {
    after: (close: () => Promise<void> | void) => void done.push(close),
    async close() {
      for (const close of done.splice(0).reverse()) await close()
    },
  }
}
