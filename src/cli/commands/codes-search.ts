/** `carillon codes search`: by words, when nobody remembers the number. */
import { search } from '../../catalog/index.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { columns } from '../terminal.ts'

const HITS_DEFAULT = 15
const HITS_MAX = 1000

export const codesSearchCommand = defineCommand({
  name: 'codes search',
  summary: 'find codes by words of their text or meaning',
  examples: [
    ['carillon codes search too large', 'every provider’s way to say it'],
    ['carillon codes search blacklist --limit 3', 'the best three'],
  ],
  positionals: [{ name: 'words', help: 'all of them must occur', rest: true }],
  options: {
    limit: { type: 'integer', value: 'COUNT', min: 1, max: HITS_MAX, help: `at most (${HITS_DEFAULT})` },
  },
  run({ values, positionals }, terminal) {
    const hits = search(positionals.join(' '), values.limit ?? HITS_DEFAULT)
    if (terminal.json) for (const { entry } of hits) terminal.printJson(entry)
    else {
      const rows = hits.map(({ entry }) => [`${entry.dialect} ${entry.surface} ${entry.code}`, entry.text])
      for (const line of columns(rows)) terminal.print(line)
    }
    if (hits.length === 0) terminal.say('No code has all these words.')
    return hits.length === 0 ? EXIT.failed : EXIT.ok
  },
})
