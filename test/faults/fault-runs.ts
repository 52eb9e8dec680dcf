/**
 * Many runs over faulty lines, each of a seed. `CARILLON_FAULT_RUNS` says how many in all;
 * `CARILLON_FAULT_SEED` runs one again. Chance in the plan is the seed's; the moment at which two
 * sockets speak is the machine's, so a seed that failed may need several tries.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { reservePort } from '../support/gateway-process.ts'
import { openHouse, type Ports, type Scene } from './house.ts'
import type { Judged } from './judge.ts'

export interface Suite {
  readonly name: string
  /** Seeds of one suite are not those of another. */
  readonly firstSeed: number
  /** Of all the runs. */
  readonly share: number
  readonly killShare: number
  openScene(ports: Ports): Promise<Scene & { judge(stories: readonly MessageStory[]): Judged }>
}

/** What is promised where CI says so, and a tenth of it elsewhere. */
const RUNS_PROMISED = 300
const RUNS_ELSEWHERE = 30
/** Runs of one gateway and one folder. */
const BATCH = 40
const BROKEN_SHOWN_MAX = 20
const STORIES_SHOWN_MAX = 3

const { CARILLON_FAULT_RUNS, CARILLON_FAULT_SEED, CI } = process.env
const runsInAll = Number(CARILLON_FAULT_RUNS ?? (CI ? RUNS_PROMISED : RUNS_ELSEWHERE))

export function faultRuns(suite: Suite): void {
  const { name, firstSeed, share } = suite
  const runs = Math.ceil(runsInAll * share)
  const one = CARILLON_FAULT_SEED === undefined ? undefined : Number(CARILLON_FAULT_SEED)
  if (one !== undefined) {
    const skip = one < firstSeed || one >= firstSeed + SEEDS_OF_SUITE
    test(`${name}: seed ${one}`, { skip: skip && 'the seed of another suite' }, async (t) => {
      t.diagnostic(await runBatch(suite, one, one))
    })
    return
  }
  const lastSeed = firstSeed + runs - 1
  for (let from = firstSeed; from <= lastSeed; from += BATCH) {
    const to = Math.min(from + BATCH - 1, lastSeed)
    test(`${name}: what was promised over lines that fail is kept once, seeds ${from} to ${to}`, async (t) => {
      t.diagnostic(await runBatch(suite, from, to))
    })
  }
}

/** Room for the runs of one suite. */
export const SEEDS_OF_SUITE = 1000

/** Whole stories of those that are complained about. */
function suspects(stories: readonly MessageStory[], broken: readonly string[]): string[] {
  return stories
    .filter(({ message }) => broken.some((line) => line.includes(message.id)))
    .slice(0, STORIES_SHOWN_MAX)
    .map(({ message, events }) => `${message.id}: ${JSON.stringify(events)}`)
}

async function runBatch(suite: Suite, from: number, to: number): Promise<string> {
  const ports = {
    httpPort: await reservePort(),
    smtpPort: await reservePort(),
    smppPort: await reservePort(),
  }
  const scene = await suite.openScene(ports)
  const house = await openHouse({ ports, scene, killShare: suite.killShare })
  try {
    const broken: string[] = []
    for (let seed = from; seed <= to; seed += 1) {
      const found = await house.run(seed)
      broken.push(...found)
      // A gateway that stands still has nothing more to show.
      if (found.length > 0) break
    }
    const kept = await house.finish(broken.length === 0)
    const judged = scene.judge(kept.stories)
    broken.push(...kept.broken, ...judged.broken)
    const seeds = new Set(broken.map((line) => /^seed ([0-9]+)/.exec(line)?.[1] ?? 'unknown'))
    const again = `see one with CARILLON_FAULT_SEED=${[...seeds][0]}`
    const shown = [...broken.slice(0, BROKEN_SHOWN_MAX), ...suspects(kept.stories, broken)]
    assert.equal(
      shown.join('\n'),
      '',
      `${broken.length} broken promises of seeds ${[...seeds]}, ${again}`,
    )
    const struck = new Map<string, number>()
    for (const { proxy } of scene.lines) {
      for (const [kind, times] of proxy.struck) struck.set(kind, (struck.get(kind) ?? 0) + times)
    }
    const faults = [...struck].map(([kind, times]) => `${kind} ${times}`).sort()
    const { messages, garbled, unknown, sentAgain } = judged
    return [
      `${to - from + 1} runs, seeds ${from}..${to}, violations 0`,
      `${suite.name}: messages ${messages}, kills ${house.kills}, sent again ${sentAgain}, unknown ${unknown}`,
      `garbled ${garbled}; ${faults.join(', ')}`,
    ].join('; ')
  } finally {
    await house.close()
  }
}
