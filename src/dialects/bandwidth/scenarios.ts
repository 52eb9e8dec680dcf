/** How each code is made to happen. Keyed by the codes: one forgotten does not compile. */
import type { Scenario } from '../../core/code-row.ts'
import type { BandwidthCode } from './codes.ts'

const scenario =
  <Via extends Scenario['via']>(via: Via) =>
  (given: string) => ({ via, given })
const request = scenario('request')
const account = scenario('account')
const recipient = scenario('recipient')
const gateway = scenario('gateway')

/** One scenario for each row, as a client of the MM4 or the SMPP door meets it. */
export const bandwidthScenarios: Readonly<Record<BandwidthCode, Scenario>> = {
  '1': account('an account that may send short messages and nothing else'),
  '2': recipient('a carrier that is held back: Deferred'),
  '100': account('the account bandwidth-100, whose messages break the store: 451 to the final dot'),
  '101': gateway('a gateway that is told to stop while a client is logged in: 421'),
  '111': request(
    'submit_sm, and the line cut before its answer: told once the client is bound again',
  ),
  '112': recipient('a carrier whose port is closed: Deferred'),
  '113': recipient('a carrier that closes the line with 421, once: Deferred'),
  '114': recipient('four messages at once to a carrier of one connection: Deferred'),
  '115': recipient('a carrier that answers 451, once: Deferred'),
  '116': recipient('a carrier that is silent after the final dot, once: Deferred'),
  '130': recipient('a number whose look-up gives no answer'),
  '140': recipient('a number whose carrier is switched off: Deferred'),
  '141': request('a hundred and one Received fields, one above the hop limit'),
  '150': gateway('a gateway whose content filter service is down at every address'),
  '201': recipient('a carrier whose port is closed until the attempts are used up'),
  '211': account('an account that may hand in one message in a long time, and a second one'),
  '220': account(
    'the account bandwidth-220, for whose messages the store is full: 452 to the final dot',
  ),
  '231': gateway('one part of two, and a gateway that waits a second for the other'),
  '242': request('two parts of one reference, the second of another total'),
  '301': request('a text part with bytes that are no UTF-8'),
  '302': request('a From number of nine digits'),
  '303': request('a recipient of nine digits'),
  '304': request('a concatenation header that says part 0'),
  '305': request('a user data header that ends behind its message'),
  '306': account(
    'the account bandwidth-306, which may ask for receipts of every end or none: registered_delivery 2',
  ),
  '350': recipient('a carrier that answers Error-message-format-corrupt'),
  '352': recipient('a carrier that answers 552 5.3.4'),
  '401': request('From and recipient the same number'),
  '402': request('From 15005550102, which is set to fail'),
  '403': request('From 15005550103, a number of another account'),
  '404': request('recipient 11111111111'),
  '405': request('From 15005550105, which nobody has yet'),
  '406': recipient('a number of no carrier'),
  '407': request('From 15005550107, a number without an account'),
  '408': request('recipient 15005550107, a number of ours without an account'),
  '409': request('recipient 4930901820, a fixed line'),
  '410': request('an external body at an address nobody listens at'),
  '411': request('a payload above the limit of the account'),
  '412': request('a part of type application/x-msdownload'),
  '420': recipient('a number of a carrier nobody configured'),
  '421': recipient('a carrier whose host has no address'),
  '431': request('recipient 24680, a short code'),
  '432': account('an account that may reach North America only, and recipient 447700900123'),
  '433': request('recipient 18005550199, a toll-free number'),
  '435': request('eleven recipients in To'),
  '451': request('MAIL FROM in a domain that is not the account’s'),
  '452': request('an X-Mms-Applic-ID nobody registered'),
  '470': request('content the filter knows'),
  '475': recipient('a number whose owner said STOP'),
  '492': request('recipient 911'),
  '500': recipient('a carrier that answers Error-unspecified'),
  '600': recipient('a carrier that answers 452 until the end'),
  '620': recipient('a carrier that answers Error-network-problem until the end'),
  '650': recipient('a carrier that reports Expired'),
  '700': recipient('a carrier that answers Error-unsupported-message'),
  '712': recipient('a carrier that answers Error-content-not-accepted'),
  '720': recipient('a carrier that answers 550 5.1.1'),
  '740': recipient('a carrier that answers 550 5.1.8'),
  '750': recipient('a carrier that reports Rejected'),
  '770': recipient('a carrier that answers 554 5.7.1 with the word spam'),
  '775': recipient('a carrier that names an opt-out in its refusal'),
  '902': recipient('a carrier that sends no report, and is given a second for it'),
  '999': recipient('a carrier that answers what no table holds'),
}
