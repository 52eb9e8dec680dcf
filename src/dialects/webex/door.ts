/** Webex Connect as accounts name it: a door of its own is still to come. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { webexCommon } from './every-channel.ts'

/** The provider without a door: every reason is answered by its class. */
export const webexDoor: SpokenDialect = { ...webexCommon, faces: {} }
