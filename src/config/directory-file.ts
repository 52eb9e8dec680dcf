/** Reads a provisioning file: its shape is checked, its secrets are hashed, its defaults filled. */
import type { Carrier, Mm4Peer, Mm7Upstream } from '../core/carrier.ts'
import type {
  Account,
  Directory,
  DirectoryData,
  Mm4Access,
  SecretHash,
  SmppAccess,
} from '../core/directory.ts'
import { keepsIds } from '../core/smpp-ids.ts'
import {
  type AccountInput,
  type CarrierInput,
  DIRECTORY_SCHEMA,
  type DirectoryInput,
} from './directory-schema.ts'
import { tomlSyntaxError } from './load.ts'
import { OperatorError, type Problem } from './operator-error.ts'
import { type Checked, checkValue } from './schema-check.ts'
import {
  hashKey,
  hashPassword,
  isSecretReference,
  matchesPassword,
  resolveSecret,
  type SecretSources,
} from './secret.ts'
import { tomlParser } from './toml.ts'

/** Inline tables and lists deeper than this are not ours. */
const TOML_DEPTH_MAX = 16

export type DirectoryFormat = 'toml' | 'json'

/** What hashing needs to know besides the file. */
export interface DirectoryFacts extends SecretSources {
  /** Passwords that are unchanged keep their present hash, so a repeated import changes nothing. */
  readonly current: Directory
}

/** By its name: `.json` is JSON, everything else TOML. */
export function formatOf(file: string): DirectoryFormat {
  return file.toLowerCase().endsWith('.json') ? 'json' : 'toml'
}

/** The text as a value; throws an `OperatorError` that names the line where it cannot be read. */
export function parseDirectoryText(text: string, format: DirectoryFormat, where: string): unknown {
  try {
    return format === 'json'
      ? JSON.parse(text)
      : tomlParser().parse(text, { maxDepth: TOML_DEPTH_MAX })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw tomlSyntaxError(where, error)
    // The engine's message quotes the text around the fault, which may hold a secret.
    const place = /(?:at )?position \d+|line \d+ column \d+|end of JSON input/.exec(error.message)
    const message = `not JSON${place === null ? '' : ` (${place[0]})`}`
    throw new OperatorError('file-syntax', `${where}: ${message}`, 'Mend the file.', [
      { path: '', where, message },
    ])
  }
}

/** The directory a parsed file stands for. Paths of problems count entries from 0 as the file does. */
export async function readDirectory(
  input: unknown,
  facts: DirectoryFacts,
): Promise<Checked<DirectoryData>> {
  const checked: Checked<DirectoryInput> = checkValue(DIRECTORY_SCHEMA, input)
  if (checked.kind === 'wrong') return checked
  const file = checked.value
  const problems: Problem[] = []
  const accounts: Account[] = []
  for (const [i, entry] of file.accounts.entries()) {
    accounts.push(await accountOf(entry, `accounts[${i}]`, facts, problems))
  }
  const carriers: Carrier[] = []
  for (const [i, entry] of file.carriers.entries()) {
    carriers.push(await carrierOf(entry, `carriers[${i}]`, facts, problems))
  }
  if (problems.length > 0) return { kind: 'wrong', problems }
  const value = {
    accounts,
    carriers,
    numbers: file.numbers.map((own) => ({ ...own, number: digitsOf(own.number) })),
    routes: file.routes.map((route) => ({ ...route, prefix: digitsOf(route.prefix) })),
    blocks: file.blocks.map(({ sender, ...block }) => ({
      ...block,
      number: digitsOf(block.number),
      ...(sender === undefined ? {} : { sender: digitsOf(sender) }),
    })),
    applications: file.applications,
  }
  return { kind: 'ok', value }
}

/** The directory keeps numbers without plus. */
function digitsOf(number: string): string {
  return number.replace(/^\+/, '')
}

async function accountOf(
  input: AccountInput,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<Account> {
  const { mm7, mm4, smpp, ...rest } = input
  const account = {
    ...rest,
    name: input.name ?? input.id,
    services: input.services.map((service) => ({
      ...service,
      senders: service.senders.map(digitsOf),
    })),
    ...(mm4 !== undefined && { mm4: await mm4AccessOf(mm4, input.id, path, facts, problems) }),
    ...(smpp !== undefined && { smpp: await smppAccessOf(smpp, input.id, path, facts, problems) }),
  }
  if (mm7 === undefined) return account
  const { vaspId, vaspIdHash, basic, certificates, ...access } = mm7
  const before = facts.current.accountById.get(input.id)?.mm7?.basic
  const own = `${path}.mm7`
  if (access.callbackBasic !== undefined) {
    checkOutbound(access.callbackBasic.password, `${own}.callbackBasic.password`, facts, problems)
  }
  const key = secretFrom({ vaspId, vaspIdHash }, ['vaspId', 'vaspIdHash'], own, facts, problems)
  const login =
    basic === undefined
      ? undefined
      : await loginOf(basic, `${own}.basic`, before?.passwordHash, facts, problems)
  return {
    ...account,
    mm7: {
      ...access,
      vaspIdHash: key.kind === 'plain' ? hashKey(key.secret) : key.hash,
      ...(login !== undefined && { basic: login }),
      ...(certificates !== undefined && { certificates: certificates.map(fingerprintOf) }),
    },
  }
}

async function carrierOf(
  input: CarrierInput,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<Carrier> {
  const { mm4, mm7, smpp, ...rest } = input
  const entry = { ...rest, title: input.title ?? input.name }
  const protocols = [mm4, mm7, smpp].filter((protocol) => protocol !== undefined).length
  if (protocols === 1) {
    if (mm4 !== undefined) {
      const before = facts.current.carrierByName.get(input.name)?.mm4?.peerAuth?.passwordHash
      return { ...entry, mm4: await peerOf(mm4, before, `${path}.mm4`, facts, problems) }
    }
    if (mm7 !== undefined) {
      return { ...entry, mm7: await upstreamOf(mm7, input.name, `${path}.mm7`, facts, problems) }
    }
    if (smpp !== undefined) {
      checkOutbound(smpp.password, `${path}.smpp.password`, facts, problems)
      if (smpp.servesCancel === true && !keepsIds(smpp.idForm)) {
        problems.push({
          path: `${path}.smpp.servesCancel`,
          message: `needs ids as the centre writes them, and idForm is ${smpp.idForm}`,
          hint: 'Set idForm to auto or same, or leave servesCancel out.',
        })
      }
      return { ...entry, smpp }
    }
  }
  problems.push({
    path,
    message: protocols === 0 ? 'has no protocol' : 'has more than one protocol',
    hint: 'Give it exactly one of mm4, mm7 and smpp.',
  })
  // Never used: a file with a problem is refused whole.
  return entry as Carrier
}

function mm4AccessOf(
  { enabled, reports, interimReports, ...peer }: NonNullable<AccountInput['mm4']>,
  id: string,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<Mm4Access> {
  const before = facts.current.accountById.get(id)?.mm4?.peerAuth?.passwordHash
  const own = { enabled, reports, interimReports }
  return peerOf(peer, before, `${path}.mm4`, facts, problems).then((read) => ({ ...read, ...own }))
}

async function smppAccessOf(
  { password, passwordHash, ...access }: NonNullable<AccountInput['smpp']>,
  id: string,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<SmppAccess> {
  const before = facts.current.accountById.get(id)?.smpp?.passwordHash
  const given = { password, passwordHash, user: access.systemId }
  const login = await loginOf(given, `${path}.smpp`, before, facts, problems)
  return { ...access, passwordHash: login.passwordHash }
}

async function peerOf(
  input: NonNullable<CarrierInput['mm4']>,
  before: SecretHash | undefined,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<Mm4Peer> {
  const { peerAuth, certificates, ...mm4 } = input
  if (mm4.auth !== undefined)
    checkOutbound(mm4.auth.password, `${path}.auth.password`, facts, problems)
  return {
    ...mm4,
    ...(certificates !== undefined && { certificates: certificates.map(fingerprintOf) }),
    ...(peerAuth !== undefined && {
      peerAuth: await loginOf(peerAuth, `${path}.peerAuth`, before, facts, problems),
    }),
  }
}

/** The directory keeps fingerprints as 64 small hex digits. */
function fingerprintOf(text: string): string {
  return text.replaceAll(':', '').toLowerCase()
}

async function upstreamOf(
  input: NonNullable<CarrierInput['mm7']>,
  name: string,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<Mm7Upstream> {
  const { callback, ...mm7 } = input
  checkOutbound(mm7.vaspId, `${path}.vaspId`, facts, problems)
  if (mm7.basic !== undefined) {
    checkOutbound(mm7.basic.password, `${path}.basic.password`, facts, problems)
  }
  if (callback === undefined) return mm7
  const { key, keyHash, basic, fromAddresses } = callback
  const own = `${path}.callback`
  const found = secretFrom({ key, keyHash }, ['key', 'keyHash'], own, facts, problems)
  if (found.kind === 'plain' && !CALLBACK_KEY.test(found.secret)) {
    const message = 'must be 8 to 256 letters, digits, dashes and underscores'
    problems.push({ path: `${own}.key`, message })
  }
  const before = facts.current.carrierByName.get(name)?.mm7?.callback?.basic?.passwordHash
  return {
    ...mm7,
    callback: {
      keyHash: found.kind === 'plain' ? hashKey(found.secret) : found.hash,
      ...(basic !== undefined && {
        basic: await loginOf(basic, `${own}.basic`, before, facts, problems),
      }),
      fromAddresses,
    },
  }
}

/** What may stand in the path of a callback, and is long enough not to be guessed. */
const CALLBACK_KEY = /^[A-Za-z0-9_-]{8,256}$/

interface LoginInput {
  readonly user: string
  readonly password?: string | undefined
  readonly passwordHash?: string | undefined
}

async function loginOf(
  input: LoginInput,
  path: string,
  before: SecretHash | undefined,
  facts: DirectoryFacts,
  problems: Problem[],
): Promise<{ readonly user: string; readonly passwordHash: SecretHash }> {
  const names = ['password', 'passwordHash'] as const
  const found = secretFrom(input, names, path, facts, problems)
  if (found.kind === 'hash') return { user: input.user, passwordHash: found.hash }
  const same = before !== undefined && (await matchesPassword(found.secret, before))
  return { user: input.user, passwordHash: same ? before : await hashPassword(found.secret) }
}

type Found =
  | { readonly kind: 'plain'; readonly secret: string }
  | { readonly kind: 'hash'; readonly hash: SecretHash }

/** The secret of an entry, which must be given plain or hashed, not both. */
function secretFrom<const Plain extends string, const Hash extends string>(
  input: { readonly [K in Plain | Hash]?: string | undefined },
  [plain, hash]: readonly [Plain, Hash],
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): Found {
  const text = input[plain]
  const stored = input[hash]
  if (text !== undefined && stored !== undefined) {
    problems.push({
      path: `${path}.${hash}`,
      message: `must not be given beside ${plain}`,
      hint: 'Keep one of the two.',
    })
  } else if (stored !== undefined) return { kind: 'hash', hash: stored }
  if (text === undefined) {
    problems.push({
      path: `${path}.${plain}`,
      message: 'is missing',
      hint: `Give ${plain} (or ${hash}); env:NAME and file:PATH work too.`,
    })
    return { kind: 'hash', hash: '' }
  }
  const resolved = resolveSecret(text, facts)
  if (resolved.kind === 'ok') return { kind: 'plain', secret: resolved.secret }
  problems.push({ path: `${path}.${plain}`, message: resolved.because })
  return { kind: 'hash', hash: '' }
}

/** A reference must lead somewhere already now, or the first callback would be the one to find out. */
function checkOutbound(
  text: string,
  path: string,
  facts: DirectoryFacts,
  problems: Problem[],
): void {
  if (!isSecretReference(text)) return
  const resolved = resolveSecret(text, facts)
  if (resolved.kind === 'missing') problems.push({ path, message: resolved.because })
}
