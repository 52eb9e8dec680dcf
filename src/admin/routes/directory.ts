import { redactDirectory } from '../../config/redact.ts'
import type { AdminRoute } from '../route.ts'

/** Who may use the gateway, and how carriers are reached. */
export const directoryRoute = {
  method: 'GET',
  path: '/admin/directory',
  summary: 'The provisioning directory as it is in force; secrets are stars.',
  answer: '`accounts`, `numbers`, `carriers`, `routes`, `blocks`, `applications`.',
  handle: (_request, { directory }) => ({ json: redactDirectory(directory.current()) }),
} as const satisfies AdminRoute
