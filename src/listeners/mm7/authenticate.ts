/**
 * Finds out who is asking, and states the facts the checks judge. Judging is not done here: the
 * dialect's written order decides which of several faults is told.
 */
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { AccountFacts, RequestFacts } from '../../core/checks/check.ts'
import {
  type Account,
  type Application,
  type Directory,
  findBlock,
  RECIPIENTS_MAX,
  type Service,
} from '../../core/directory.ts'
import type { Reviser } from '../../engine/reviser.ts'
import { type PeerTls, readPeerTls } from '../../transports/peer-tls.ts'
import { parseBasic } from '../basic-credentials.ts'
import type { CallRates } from '../call-rates.ts'
import type { Guesses } from '../guesses.ts'
import { plainAddress } from '../http-request.ts'
import { type ClientChecks, type DoorParts, doorOf, type Mm7Dialect } from './door.ts'

/** The account behind a request, if there is one, and the facts about it. */
export interface Identified {
  readonly account: Account | undefined
  readonly service: Service | undefined
  readonly facts: AccountFacts
}

/** The parts of a request that identify its sender. */
export interface Credentials {
  readonly peerAddress: string
  /** What its TLS handshake showed; absent for a line in clear. */
  readonly tls: PeerTls | undefined
  /** Value of the Authorization header. */
  readonly authorization: string | undefined
}

/** What a request shows of its sender. */
export function credentialsOf({ socket, headers }: IncomingMessage): Credentials {
  return {
    peerAddress: plainAddress(socket.remoteAddress ?? ''),
    // Read when somebody asks for it: few accounts do.
    get tls() {
      return socket instanceof TLSSocket ? readPeerTls(socket) : undefined
    },
    authorization: headers.authorization,
  }
}

/** What identifying looks things up in. */
export interface IdentifyParts {
  readonly door: string
  readonly dialect: Mm7Dialect
  readonly checks: ClientChecks
  readonly rates: CallRates
  readonly guesses: Guesses
  readonly knows: Reviser['knows']
}

/** The same for every request of a dialect. */
export function identifyParts(
  { checks, rates, guesses, reviser }: DoorParts,
  dialect: Mm7Dialect,
): IdentifyParts {
  return { door: doorOf(dialect), dialect, checks, rates, guesses, knows: reviser.knows }
}

export async function identify(
  request: RequestFacts,
  given: Credentials,
  directory: Directory,
  { door, dialect, checks, rates, guesses, knows }: IdentifyParts,
): Promise<Identified> {
  const barred = guesses.barred(door, given.peerAddress)
  const found =
    request.vaspId === undefined || barred
      ? undefined
      : directory.accountByVaspIdHash.get(checks.hashKey(request.vaspId))
  // An account of another dialect is a stranger at this door.
  const account = found?.dialect === dialect.name ? found : undefined
  const service = account === undefined ? undefined : serviceOf(account, request)
  const credentials = barred
    ? 'wrong'
    : needsNone(account)
      ? 'good'
      : await judgeCredentials(account, given, checks)
  const guessed = request.vaspId !== undefined && account === undefined
  if (!barred && (guessed || credentials === 'wrong')) guesses.failed(door, given.peerAddress)
  const { linkedId } = request
  const linkedKnown =
    linkedId === undefined || (account !== undefined && (await knows(account.id, linkedId)))
  const references = referencesOf(request, account, directory)
  const { mm7 } = dialect
  return {
    account,
    service,
    facts: {
      known: account !== undefined,
      addressAllowed: account === undefined || addressPasses(account, given.peerAddress, checks),
      lineAllowed: account === undefined || linePasses(account, given),
      credentials,
      enabled: account?.enabled === true,
      apiEnabled: account?.mm7?.enabled === true,
      // Read by the check in its turn: a request that fails earlier does not use up the rate.
      get callAllowed() {
        return account === undefined || rates.pass(account)
      },
      get callWaitMs() {
        return account === undefined ? 0 : rates.waitMs(account)
      },
      sharedService: account?.services.some((each) => each.shared) === true,
      serviceKnown: service !== undefined,
      senderProvisioned: senderOwned(account, service, request),
      serviceLive: service?.live !== false,
      readReplies: account?.mm7?.readReplies !== false,
      linkedKnown,
      application: references.application,
      replyApplicationKnown: references.replyApplicationKnown,
      carrierIdRequired: account?.carrierIdRequired === true,
      carrierIdKnown:
        request.carrierId !== undefined && directory.carrierByClientId.has(request.carrierId),
      recipientBlocked:
        account !== undefined &&
        request.recipients.some(
          ({ address }) =>
            address !== undefined &&
            findBlock(directory, address, account.id, request.sender?.address?.text) !== undefined,
        ),
      limits: {
        contentBytesMax: account?.limits.contentBytesMax ?? mm7.requestBytesMax,
        recipientsMax: Math.min(account?.mm7?.recipientsMax ?? mm7.recipientsMax, RECIPIENTS_MAX),
        partialRecipients: mm7.partialCode !== undefined,
        subjectCharactersMax: mm7.subjectCharactersMax,
        presentationRequired: account?.presentationRequired === true,
        versions: mm7.versions,
      },
    },
  }
}

/** The applications the request refers to, as far as this account may know of them. */
function referencesOf(
  { applicId, replyApplicId }: RequestFacts,
  account: Account | undefined,
  directory: Directory,
): Pick<AccountFacts, 'application' | 'replyApplicationKnown'> {
  const registered = (id: string) => {
    const application = directory.applicationById.get(id)
    const open = application?.account === undefined || application.account === account?.id
    return open ? application : undefined
  }
  return {
    application: applicId === undefined ? 'none' : standingOf(registered(applicId)),
    replyApplicationKnown: replyApplicId === undefined || registered(replyApplicId) !== undefined,
  }
}

function standingOf(application: Application | undefined): AccountFacts['application'] {
  if (application === undefined) return 'unknown'
  return application.enabled ? 'permitted' : 'denied'
}

function addressPasses(account: Account, address: string, checks: ClientChecks): boolean {
  const allowed = account.mm7?.allowAddresses ?? []
  return allowed.length === 0 || checks.addressIn(allowed, address)
}

function linePasses({ mm7 }: Account, given: Credentials): boolean {
  const certificates = mm7?.certificates ?? []
  if (certificates.length === 0) return mm7?.tlsRequired !== true || given.tls !== undefined
  const shown = given.tls?.fingerprint256?.replaceAll(':', '').toLowerCase()
  return shown !== undefined && certificates.includes(shown)
}

function needsNone(account: Account | undefined): boolean {
  return account !== undefined && account.mm7?.basic === undefined
}

/** A password for nobody is judged too: what it takes must not tell which accounts there are. */
async function judgeCredentials(
  account: Account | undefined,
  { authorization }: Credentials,
  checks: ClientChecks,
): Promise<AccountFacts['credentials']> {
  const expected = account?.mm7?.basic
  const basic = parseBasic(authorization)
  const verdict = basic === undefined ? 'mismatch' : await checks.verify(expected, basic)
  return VERDICTS[verdict]
}

const VERDICTS = { match: 'good', mismatch: 'wrong', busy: 'unchecked' } as const

/** The service a request means: the one it names, else the one its sender address belongs to. */
function serviceOf(account: Account, request: RequestFacts): Service | undefined {
  if (request.vasId !== undefined) {
    return account.services.find((service) => service.id === request.vasId)
  }
  const sender = request.sender?.address?.text
  return account.services.find(
    (service) => sender !== undefined && service.senders.includes(sender),
  )
}

function senderOwned(
  account: Account | undefined,
  service: Service | undefined,
  request: RequestFacts,
): boolean {
  const sender = request.sender?.address?.text
  if (account === undefined || sender === undefined) return false
  const services = service === undefined ? account.services : [service]
  return services.some((each) => each.senders.includes(sender))
}
