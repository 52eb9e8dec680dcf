/**
 * The accounts under which rows are provoked, as a provisioning file. Those that are in trouble are
 * the sandbox's own; these two per dialect are in order and report to us.
 */

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

/** The file's value; `callbackUrl`: where the reports go. */
export function conformanceDirectory(dialects: readonly string[], callbackUrl: string) {
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
  return {
    accounts: dialects.flatMap((dialect) => [
      account(verboseAccount(dialect), dialect, true),
      account(plainAccount(dialect), dialect, false),
    ]),
  }
}
