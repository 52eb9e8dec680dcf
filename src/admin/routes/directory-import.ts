import { OperatorError } from '../../config/operator-error.ts'
import { problem } from '../problem.ts'
import type { AdminRoute } from '../route.ts'

const FORMATS = { 'application/toml': 'toml', 'application/json': 'json' } as const
const BODY_BYTES_MAX = 16 * 1024 * 1024

/** Changes the directory while messages flow. */
export const directoryImportRoute = {
  method: 'POST',
  path: '/admin/directory',
  summary: 'Imports a provisioning file: all of it, or nothing and every fault it has.',
  query: {
    mode: '`merge` (when absent) keeps entries the file does not name; `replace` deletes them.',
  },
  body: {
    description: 'The file, as `application/toml` or `application/json`. See directory.md.',
    bytesMax: BODY_BYTES_MAX,
  },
  answer:
    '`added`, `changed`, `removed`: lists of entries, each its kind and name (`account acme`). On 422 `problems`: each `path`, ' +
    '`where`, `message`, `hint`.',
  async handle({ query, mediaType, body }, { directory }) {
    const mode = query.get('mode') ?? 'merge'
    if (mode !== 'merge' && mode !== 'replace') {
      return problem('parameter-wrong', 'mode must be merge or replace.')
    }
    if (!Object.hasOwn(FORMATS, mediaType)) {
      return problem('media-type-unsupported', `Send ${Object.keys(FORMATS).join(' or ')}.`)
    }
    const format = FORMATS[mediaType as keyof typeof FORMATS]
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
      const imported = await directory.import({ text, format, mode, where: 'body' })
      if (imported.kind === 'refused') {
        const count = imported.problems.length
        const detail = `${count} ${count === 1 ? 'problem' : 'problems'}.`
        return problem('directory-wrong', detail, { problems: imported.problems })
      }
      const { added, changed, removed } = imported
      return { json: { added, changed, removed } }
    } catch (error) {
      if (error instanceof TypeError) return problem('body-unreadable', 'The body is not UTF-8.')
      if (error instanceof OperatorError) return problem('body-unreadable', error.message)
      throw error
    }
  },
} as const satisfies AdminRoute
