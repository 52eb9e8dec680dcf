/**
 * A whole gateway on free ports with a data folder of its own, between a client that can be asked
 * what it got and a carrier that does as it is told.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Config } from '../../src/config/config-schema.ts'
import type { FlagValue } from '../../src/config/given-values.ts'
import { loadConfig } from '../../src/config/load.ts'
import { hashKey } from '../../src/config/secret.ts'
import type { Mm4Peer } from '../../src/core/carrier.ts'
import type { Account, DirectoryData, Mm7Access } from '../../src/core/directory.ts'
import type { Delivery } from '../../src/engine/ports/store.ts'
import { type Gateway, openGateway } from '../../src/gateway.ts'
import { drawBell } from '../../src/simulator/picture.ts'
import { CARRIER_DOMAIN, type CarrierSide, openCarrier } from './carrier.ts'
import { until } from './inbox.ts'
import { exchange, type Mm7Answer, type Mm7Draft, writeRequest } from './mm7-client.ts'
import { createOperators, type Operators } from './operators.ts'
import { openVasp, type Vasp } from './vasp.ts'

export const ACCOUNT = 'acme'
export const CARRIER = 'north'
/** The account's short code. */
export const SENDER = '12345'
/** A handset of the carrier. */
export const HANDSET = '15550100199'
/** What a handset's reply carries. */
export const PICTURE = drawBell()
export const GATEWAY_DOMAIN = 'mms.gateway.example'

const SECOND_MS = 1000

export interface WorldOptions {
  readonly access?: Partial<Mm7Access>
  readonly account?: Partial<Account>
  readonly mm4?: Partial<Mm4Peer>
  readonly directory?: (data: DirectoryData) => DirectoryData
  /** Options of the configuration by dotted path. */
  readonly flags?: Readonly<Record<string, FlagValue>>
  /** Last word on the configuration. */
  readonly config?: (config: Config) => Config
  /** A data folder that is there already, and stays. */
  readonly data?: string
}

export interface World extends Operators {
  readonly gateway: Gateway
  readonly data: string
  readonly ports: Readonly<Record<'http' | 'smtp' | 'smpp' | 'admin', number>>
  readonly vasp: Vasp
  readonly carrier: CarrierSide
  readonly directory: DirectoryData
  /** Errors of ours that would have stopped the process. */
  readonly fatal: readonly Error[]
  /** One MM7 request. */
  send(draft?: Mm7Draft, to?: string): Promise<Mm7Answer>
  /** A message that must be accepted; its id. */
  submit(to?: string, draft?: Mm7Draft): Promise<string>
  /** Moves everybody's clock. */
  advance(ms: number): void
  /** Waits until the delivery rests in this state, then moves the clock to its next moment. */
  skip(messageId: string, state: Delivery['state'], attempts?: number): Promise<void>
}

/** Opens everything; it is closed and its folder gone when the test ends. */
export async function startGateway(t: TestContext, options: WorldOptions = {}): Promise<World> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'carillon-e2e-'))
  const [vasp, carrier] = await Promise.all([openVasp(), openCarrier(PICTURE)])
  const fatal: Error[] = []
  const plainConfig = privateConfig(data, options.flags ?? {})
  let opened: Gateway | undefined
  t.after(async () => {
    await opened?.close(SECOND_MS)
    await Promise.all([vasp.close(), carrier.close()])
    if (options.data === undefined) rmSync(data, { recursive: true, force: true })
  })
  const gateway = await openGateway({
    config: options.config?.(plainConfig) ?? plainConfig,
    version: '0.0.0',
    env: {},
    onFatal: (error) => fatal.push(error),
  })
  opened = gateway
  const port = (name: keyof Gateway['addresses']) => gateway.addresses[name]?.port ?? 0
  const ports = {
    http: port('http'),
    smtp: port('smtp'),
    smpp: port('smpp'),
    admin: port('admin'),
  }
  const operators = createOperators(ports.admin, join(data, 'admin.token'))
  const plain = directoryFor(vasp.url, carrier.port, options)
  const directory = options.directory?.(plain) ?? plain
  await operators.post('/admin/directory', directory)
  carrier.connect({ host: '127.0.0.1', port: ports.smtp, domain: GATEWAY_DOMAIN })

  const send = (draft: Mm7Draft = {}, to = HANDSET) => exchange(ports.http, writeRequest(draft, to))
  const advance = (ms: number) => {
    gateway.advance(ms)
    carrier.advance(ms)
  }
  return {
    ...operators,
    gateway,
    data,
    ports,
    vasp,
    carrier,
    directory,
    fatal,
    send,
    async submit(to, draft) {
      const { code, messageId, body } = await send(draft, to)
      if (code !== '1000' || messageId === undefined) throw new Error(`not accepted: ${body}`)
      return messageId
    },
    advance,
    async skip(messageId, state, attempts) {
      let seen = ''
      const look = async () => {
        const [{ deliveries }, now] = await Promise.all([
          operators.trace(messageId),
          operators.now(),
        ])
        const [delivery] = deliveries
        seen = JSON.stringify(delivery)
        if (delivery === undefined || delivery.state !== state) return undefined
        const restMs = (delivery.nextAt ?? 0) - now
        return restMs > 0 && delivery.attempts === (attempts ?? delivery.attempts)
          ? restMs
          : undefined
      }
      advance(
        await until(`${messageId} in ${state}`, look).catch((error: Error) => {
          throw new Error(`${error.message}: ${seen}`)
        }),
      )
    },
  }
}

function privateConfig(data: string, flags: Readonly<Record<string, FlagValue>>) {
  const own = {
    data,
    'http.port': 0,
    'smtp.port': 0,
    'smpp.port': 0,
    'admin.port': 0,
    'smtp.hostname': 'relay.gateway.example',
    'smtp.domain': GATEWAY_DOMAIN,
    'log.level': 'silent',
    // Whatever disk the tests run on.
    'store.diskReserveBytes': 0,
  }
  return loadConfig({ env: {}, flags: { ...own, ...flags }, folder: data }).config
}

export function directoryFor(
  callbackUrl: string,
  carrierPort: number,
  { account, access, mm4 }: Pick<WorldOptions, 'account' | 'access' | 'mm4'>,
): DirectoryData {
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: 'Acme bells',
        dialect: 'sinch',
        enabled: true,
        mm7: {
          enabled: true,
          // What `writeRequest` presents.
          vaspIdHash: hashKey('demo-sinch-key'),
          allowAddresses: [],
          faultStatus: '200',
          replyType: 'text/xml',
          callbackUrl,
          // The dialect says one a second; that is tried in its own test.
          callbackPerSecond: 1000,
          reports: true,
          verboseReports: true,
          blankAnswerAccepted: false,
          passThrough: false,
          passThroughWaitMs: 10_000,
          ...access,
        },
        services: [{ id: 'demo', senders: [SENDER], shared: false, live: true }],
        limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 5 * 1024 * 1024 },
        carrierIdRequired: false,
        carrierLookup: false,
        presentationRequired: false,
        ...account,
      },
    ],
    numbers: [{ number: SENDER, account: ACCOUNT, service: 'demo', state: 'active' }],
    carriers: [
      {
        name: CARRIER,
        title: 'Northern carrier',
        enabled: true,
        ids: ['31002'],
        mm4: { ...NORTH, port: carrierPort, ...mm4 },
      },
    ],
    routes: [{ name: 'all', prefix: '', carrier: CARRIER, enabled: true }],
    blocks: [],
  }
}

const NORTH: Mm4Peer = {
  host: '127.0.0.1',
  port: 1,
  domain: CARRIER_DOMAIN,
  tls: 'off',
  fromAddresses: ['127.0.0.1'],
  version: '6.10.0',
  ackRequest: true,
  sendsReports: true,
  dropsDuplicates: true,
  connections: 4,
  attemptsMax: 3,
  retryDelayMsMin: 60_000,
  retryDelayMsMax: 240_000,
  attemptTimeoutMs: 30_000,
  responseTimeoutMs: 300_000,
  reportWindowMs: 7_200_000,
}
