/** `carillon codes search`: by words, when nobody remembers the number. */
import { search } from '../../catalog/index.ts'
import { entryLines } from '../codes-text.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

const hitsShown = 20
const hitsMax = 1000

export const codesSearchCommand = defineCommand({
  name: 'codes search',
  summary: 'find codes by words of their text or meaning',
  examples: [
    ["carillon codes search 'opted out'", 'every provider’s way to say it'],
    ['carillon codes search too large --limit 50', 'more of them'],
  ],
  positionals: [{ name: 'words', rest: true, help: 'all of them must occur' }],
  options: {
    limit: {
      type: 'integer',
      value: 'COUNT',
      min: 1,
      max: hitsMax,
      help: `at most (${hitsShown})`,
    },
  },
  notes: [
    'With --json: an array of {score, entry}, best first; entry has the fields of carillon codes list. Finding nothing is exit code 0.',
  ],
  run({ values, positionals }, terminal) {
    const query = positionals.join(' ')
    const hits = search(query)
    const shown = hits.slice(0, values.limit ?? hitsShown)
    if (terminal.json) {
      terminal.printJson(shown)
      return EXIT.ok
    }
    const rows = shown.map(({ entry }) => entry)
    for (const line of entryLines(rows, terminal.paint)) terminal.print(line)
    if (hits.length === 0) terminal.say(`No code says ${query}.`)
    if (hits.length > shown.length) terminal.say(`${hits.length - shown.length} more: --limit`)
    return EXIT.ok
  },
})
