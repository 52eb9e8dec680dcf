/** How each row of Bandwidth's table is provoked. Keyed by the codes: one forgotten does not compile. */
import type { BandwidthCode } from '../../dialects/bandwidth/codes.ts'
import {
  CONTENT_BYTES_MAX,
  GROUP_MAX,
  homeAccount,
  type Mm4Account,
  PASSWORD,
  slowAccount,
  smsAccount,
} from '../mm4/accounts.ts'
import {
  asAccount,
  externalBody,
  field,
  from,
  group,
  part,
  received,
  returnPathAt,
  text,
  to,
} from '../mm4/defects.ts'
import { inTurn } from '../mm4/draft.ts'
import {
  type Provocation,
  receipted,
  refusedBySmpp,
  replied,
  reportedBack,
  responded,
} from '../provocation.ts'
import { headerTooLong, inAnHour, receiptFlag, part as smsPart } from '../smpp/requests.ts'
import { DEAD_URL } from './sinch.ts'

const DIALECT = 'bandwidth'
/** More than the gateway lets pass. */
const HOPS = 101
/** Messages at once for a carrier that has one line and lets nobody wait. */
const RUSH = 4

const asOwn = ({ id, number }: Mm4Account) => asAccount(id, PASSWORD, number)
/** A sandbox account whose messages meet a broken store. Its domain is that of the demo clients. */
const asBroken = (code: string, sender: string) =>
  inTurn(asAccount(`bandwidth-${code}`, 'demo', sender), returnPathAt('mms.demo.example'))

/** A content filter that runs nowhere. */
const FILTER_DOWN = ['filter.service.urls=http://127.0.0.1:1/']
/** Long enough to say good-bye. */
const SLOW_TO_LEAVE = ['shutdown.deadlineMs=10000']

/** Parts of a message do not wait long for the others. */
const HASTY = ['engine.partsWaitMs=1000']
/** Messages whose answers are cut off: one of them is enough. */
const CUT_SHORT = 20
/** The sandbox's client that is held to receipts of every end or of none. */
const STRICT = { systemId: 'bandwidth-306', password: 'demo', sender: '15005550121' }

/** One way for each row. */
export const bandwidthProvocations: Readonly<Record<BandwidthCode, Provocation>> = {
  '1': responded(asOwn(smsAccount(DIALECT))),
  '2': reportedBack(),
  '100': replied('451 4.3.0', asBroken('100', '15005550110')),
  '101': replied('421 4.3.2', (draft) => draft, { gateway: SLOW_TO_LEAVE, leaving: true }),
  '111': receipted('ENROUTE', new Array(CUT_SHORT).fill(inAnHour), { cut: true }),
  '112': reportedBack(),
  '113': reportedBack(),
  '114': reportedBack(undefined, { times: RUSH }),
  '115': reportedBack(),
  '116': reportedBack(),
  '130': responded(),
  '140': reportedBack(),
  '141': responded(received(HOPS)),
  '150': responded(undefined, { gateway: FILTER_DOWN }),
  '201': reportedBack(),
  '211': responded(asOwn(slowAccount(DIALECT)), { times: 2 }),
  '220': replied('452 4.3.1', asBroken('220', '15005550122'), { gateway: [] }),
  '231': receipted('UNDELIV', [smsPart(1, 2)], { gateway: HASTY }),
  '242': refusedBySmpp('ESME_RINVESMCLASS', [smsPart(1, 2), smsPart(2, 3)]),
  '301': responded(text(Uint8Array.of(0xff, 0xfe, 0xff))),
  '302': responded(from('150055501')),
  '303': responded(to('150055501')),
  '304': refusedBySmpp('ESME_RINVESMCLASS', [smsPart(0, 2)]),
  '305': refusedBySmpp('ESME_RINVMSGLEN', [headerTooLong]),
  '306': refusedBySmpp('ESME_RINVREGDLVFLG', [receiptFlag(2)], { as: STRICT }),
  '350': reportedBack(),
  '352': reportedBack(),
  '401': responded(to('15550100140')),
  '402': responded(from('15005550102')),
  '403': responded(from('15005550103')),
  '404': responded(to('11111111111')),
  '405': responded(from('15005550105')),
  '406': responded(),
  '407': responded(from('15005550107')),
  '408': responded(to('15005550107')),
  '409': responded(to('4930901820')),
  '410': responded(externalBody(DEAD_URL)),
  '411': responded(text('x'.repeat(CONTENT_BYTES_MAX))),
  '412': responded(part({ 'Content-Type': 'application/x-msdownload' }, 'MZ')),
  '420': responded(),
  '421': reportedBack(),
  '431': responded(to('24680')),
  '432': responded(inTurn(asOwn(homeAccount(DIALECT)), to('447700900123'))),
  '433': responded(to('18005550199')),
  '435': responded(group(GROUP_MAX + 1)),
  '451': responded(returnPathAt('mms.demo.example')),
  '452': responded(field('X-Mms-Applic-ID', 'nobody.example')),
  '470': responded(text('You have won! Claim your prize.')),
  '475': responded(),
  '492': responded(to('911')),
  '500': reportedBack(),
  '600': reportedBack(),
  '620': reportedBack(),
  '650': reportedBack(undefined, { status: 'Expired' }),
  '700': reportedBack(),
  '712': reportedBack(),
  '720': reportedBack(),
  '740': reportedBack(),
  '750': reportedBack(),
  '770': reportedBack(),
  '775': reportedBack(),
  '902': reportedBack(),
  '999': reportedBack(),
}
