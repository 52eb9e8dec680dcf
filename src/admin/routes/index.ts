/** Every built-in path of the admin API. */
import type { AdminRoute } from '../route.ts'
import { directoryRoute } from './directory.ts'
import { directoryImportRoute } from './directory-import.ts'
import { laneRetryRoute } from './lane-retry.ts'
import { lanesRoute } from './lanes.ts'
import { livezRoute } from './livez.ts'
import { messageRoute } from './message.ts'
import { messagesRoute } from './messages.ts'
import { metricsRoute } from './metrics.ts'
import { noticesParkedRoute } from './notices-parked.ts'
import { noticesReplayRoute } from './notices-replay.ts'
import { optOutsRemoveRoute, optOutsRoute } from './opt-outs.ts'
import { queueRoute } from './queue.ts'
import { readyzRoute } from './readyz.ts'
import { statusRoute } from './status.ts'

export const ADMIN_ROUTES: readonly AdminRoute[] = [
  livezRoute,
  readyzRoute,
  metricsRoute,
  statusRoute,
  messagesRoute,
  messageRoute,
  queueRoute,
  lanesRoute,
  laneRetryRoute,
  noticesParkedRoute,
  noticesReplayRoute,
  directoryRoute,
  directoryImportRoute,
  optOutsRoute,
  optOutsRemoveRoute,
]
