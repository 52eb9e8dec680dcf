/**
 * The accounts under which rows are provoked, as a provisioning file. Those that are in trouble are
 * the sandbox's own or the MM4 part's; these two per dialect are in order and report to us.
 */
import { mm4Directory } from './mm4/accounts.ts'
import { smppDirectory } from './smpp/accounts.ts'
import type { Door } from './world.ts'

/** Service and sender of each; the troubled accounts of the sandbox have the same. */
export const SERVICE = 'demo'
export const SENDER = '12345'
const CALLS_PER_SECOND = 1000
const CONTENT_BYTES_MAX = 5 * 1024 * 1024

/** VASPID of the account whose reports say the code; its id as well. */
export function verboseAccount(dialect: string): string {
  return `conformance-${dialect}`
}

/** VASPID of the account whose reports say what the dialect's table says. */
export function plainAccount(dialect: string): string {
  return `conformance-${dialect}-plain`
}

/** Who of these speaks what. */
export interface SpokenDialects {
  readonly mm7: readonly string[]
  readonly mm4: readonly string[]
}

/** The file's value; `callbackUrl` and `mmsc`: where the reports go. */
export function conformanceDirectory(spoken: SpokenDialects, callbackUrl: string, mmsc: Door) {
  const account = (id: string, dialect: string, verboseReports: boolean) => ({
    id,
    name: `Conformance run (${dialect})`,
    dialect,
    mm7: { vaspId: id, callbackUrl, callbackPerSecond: CALLS_PER_SECOND, verboseReports },
    limits: {
      callsPerSecond: CALLS_PER_SECOND,
      callsBurst: CALLS_PER_SECOND,
      contentBytesMax: CONTENT_BYTES_MAX,
    },
    services: [{ id: SERVICE, senders: [SENDER] }],
  })
  const mm7 = spoken.mm7.flatMap((dialect) => [
    account(verboseAccount(dialect), dialect, true),
    account(plainAccount(dialect), dialect, false),
  ])
  // Whoever speaks MM4 sends short messages by the same codes.
  const others = spoken.mm4.flatMap((dialect) => [
    mm4Directory(dialect, mmsc),
    smppDirectory(dialect),
  ])
  return {
    accounts: [...mm7, ...others.flatMap(({ accounts }): readonly object[] => accounts)],
    numbers: others.flatMap(({ numbers }) => numbers),
  }
}
