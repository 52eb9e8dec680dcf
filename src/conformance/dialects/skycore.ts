/**
 * How each row of Skycore's tables is provoked: Sinch's ways, two rows of its own, and the words of
 * its reports.
 */
import type { SkycoreCode, SkycoreStatus } from '../../dialects/skycore/codes.ts'
import { inTurn } from '../mm7/draft.ts'
import { account, to } from '../mm7/element-defects.ts'
import { answered, type Provocation, reported } from '../provocation.ts'
import { serviceRows } from './sinch.ts'

/** One way for each row of the MM7 service. */
export const skycoreProvocations: Readonly<Record<SkycoreCode, Provocation>> = {
  ...serviceRows({
    dialect: 'skycore',
    passThroughSender: '12346',
    carrierIdHeader: 'X-Skycore-Carrier-Id',
    carrierIdOfNobody: '9999999',
  }),
  '2569': answered(inTurn(account('skycore-2569'), to('99910002569'))),
  '2570': answered(account('skycore-2570')),
}

/** One way for each word of a delivery report; the recipient's number decides which. */
export const skycoreStatusProvocations: Readonly<Record<SkycoreStatus, Provocation>> = {
  Deferred: reported(),
  Expired: reported(),
  Forwarded: reported(),
  Indeterminate: reported(),
  NotSupported: reported(),
  Rejected: reported(),
  Retrieved: reported(),
  Unreachable: reported(),
  Unrecognized: reported(),
}
