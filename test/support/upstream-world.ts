/** A whole gateway with an upstream MMSC behind it, to which it is a VASP. */
import type { TestContext } from 'node:test'
import type { CancelReq, Received } from '../../src/codecs/mm7/types.ts'
import { hashKey } from '../../src/config/secret.ts'
import { ORDINARY_RELAY, type RelayBehaviour } from '../../src/connectors/mm7/behaviour.ts'
import { openMm7Emulator, type SeenSubmit } from '../../src/connectors/mm7/emulator.ts'
import type { Mm7Upstream } from '../../src/core/carrier.ts'
import { PICTURE, startGateway, type WorldOptions } from './start-gateway.ts'

/** Secret segment of the path it calls us back on. */
const KEY = 'a-secret-of-theirs'

/** `given`: its settings, beside the usual. `options`: of the gateway, without its directory. */
export async function openUpstream(
  t: TestContext,
  given: Partial<Mm7Upstream> = {},
  options: Omit<WorldOptions, 'directory'> = {},
) {
  const submits: SeenSubmit[] = []
  const cancels: Received<CancelReq>[] = []
  let behaviour: RelayBehaviour = {
    ...ORDINARY_RELAY,
    reports: [{ status: 'Retrieved', afterMs: 5 }],
  }
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: () => behaviour,
    vaspId: 'us',
    picture: PICTURE,
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: Date.now,
    onSubmit: (seen) => submits.push(seen),
    onCancel: (cancel) => cancels.push(cancel),
  })
  t.after(() => relay.close())
  const world = await startGateway(t, {
    ...options,
    directory: (data) => ({
      ...data,
      carriers: [
        {
          name: 'north',
          title: 'North',
          enabled: true,
          ids: ['31002'],
          mm7: upstreamSettings(relay.url, given),
        },
      ],
    }),
  })
  relay.connect({ url: `http://127.0.0.1:${world.ports.http}/mm7-upstream/${KEY}` })
  return {
    world,
    relay,
    submits,
    cancels,
    behave(next: RelayBehaviour) {
      behaviour = next
    },
  }
}

/** An ordinary upstream at this address. */
export function upstreamSettings(url: string, given: Partial<Mm7Upstream>): Mm7Upstream {
  return {
    url,
    vaspId: 'us',
    version: '6.8.0',
    numberForm: 'digits',
    shortCodeElement: 'ShortCode',
    headers: [],
    sendsReports: true,
    readReplies: true,
    forwardedMeans: 'forwarded',
    dropsDuplicates: true,
    blankMeansAccepted: false,
    callback: { keyHash: hashKey(KEY), fromAddresses: ['127.0.0.1'] },
    connections: 4,
    attemptsMax: 3,
    retryDelayMsMin: 60_000,
    retryDelayMsMax: 60_000,
    attemptTimeoutMs: 10_000,
    connectTimeoutMs: 2000,
    answerTimeoutMs: 5000,
    reportWindowMs: 3_600_000,
    ...given,
  }
}
