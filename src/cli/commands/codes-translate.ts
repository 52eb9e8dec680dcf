/** `carillon codes translate`: one provider's code in another's words, with what got lost. */
import { lookup, lookupTarget, translate } from '../../catalog/index.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'

export const codesTranslateCommand = defineCommand({
  name: 'codes translate',
  summary: 'a code in the words of another provider, with a mark of what got lost',
  examples: [
    ['carillon codes translate sinch 3001 --to smsglobal', 'from one table to another'],
    ['carillon codes translate bandwidth 470 --to webex/whatsapp', 'to one channel of a provider'],
  ],
  positionals: [{ name: 'words', help: 'provider, channel and code', rest: true }],
  options: {
    to: { type: 'text', value: 'DIALECT', help: 'provider, or provider/channel', required: true },
  },
  run({ values, positionals }, terminal) {
    const found = lookup(positionals)
    if (found.kind !== 'one') {
      throw new CommandFailure(
        EXIT.failed,
        `${positionals.join(' ')} is not one code`,
        `See: carillon codes explain ${positionals.join(' ')}`,
      )
    }
    const target = lookupTarget(values.to)
    if (target.kind === 'none') {
      throw new CommandFailure(EXIT.usage, `--to ${values.to}: no such ${target.what}`, `Nearest: ${target.nearest.join(', ')}`)
    }
    const { dialect, surface } = target
    const translation = translate(found.entry, {
      dialect: dialect.name,
      ...(surface !== undefined && { surface: surface.name }),
    })
    if (translation === undefined) throw new CommandFailure(EXIT.failed, 'there is no translation')
    if (terminal.json) {
      terminal.printJson(translation)
      return EXIT.ok
    }
    const { from, to, quality, because } = translation
    terminal.print(`${from.dialect} ${from.code} ${from.text}`)
    const said = to === undefined ? 'nothing' : `${to.dialect} ${to.surface} ${to.code} ${to.text}`
    terminal.print(`→ ${terminal.paint('bold', said)}`)
    terminal.print(terminal.paint('dim', `  ${quality}: ${because}`))
    return EXIT.ok
  },
})
