/** Applies the route rules of the current directory to every recipient of a submission. */
import { type Carrier, channelsOf } from '../core/carrier.ts'
import type { Directory } from '../core/directory.ts'
import type { Submission } from '../core/message.ts'
import { chooseRoute, type RouteChoice, type RouteTarget } from '../core/route.ts'
import { clientLane, smsClientLane } from './parts.ts'

/** One choice per recipient, each with its explanation. */
export function routeSubmission(directory: Directory, submission: Submission): RouteChoice[] {
  if (submission.direction === 'mo')
    return submission.recipients.map(routeToOwner(submission, directory))
  const facts = {
    accountId: submission.accountId,
    channel: submission.channel,
    ...(submission.envelope.carrier === undefined ? {} : { carrier: submission.envelope.carrier }),
  }
  return submission.recipients.map((recipient, index) =>
    chooseRoute(recipient, index, facts, directory.routes, (name) => targetOf(directory, name)),
  )
}

function targetOf({ carrierByName }: Directory, name: string): RouteTarget | undefined {
  const carrier = carrierByName.get(name)
  if (carrier === undefined) return undefined
  const known = targets.get(carrier)
  if (known !== undefined) return known
  const target = { ...carrier, channels: channelsOf(carrier) }
  targets.set(carrier, target)
  return target
}

/** Made once for each carrier of a directory: every rule asks for every message. */
const targets = new WeakMap<Carrier, RouteTarget>()

/** An inbound message goes to the account that owns its recipient; the listener has resolved it. */
function routeToOwner({ accountId, channel }: Submission, { accountById }: Directory) {
  const binds = channel === 'sms' && accountById.get(accountId)?.smpp?.enabled === true
  const route = binds ? smsClientLane(accountId) : clientLane(accountId)
  const because = `The number belongs to account ${accountId}.`
  return (_recipient: unknown, index: number): RouteChoice => ({ index, route, because })
}
