/** What the process says when it ends: the numbers of sysexits.h, printed by `help exit-codes`. */

/** Exit codes by name. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 64,
  dataError: 65,
  unavailable: 69,
  software: 70,
  temporary: 75,
  noPermission: 77,
  config: 78,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Every code with its name in sysexits.h and what it means here. */
export const EXIT_CODES: readonly (readonly [ExitCode, string, string])[] = [
  [EXIT.ok, 'OK', 'done'],
  [EXIT.failed, '', 'the command worked, its outcome is a failure: a refused message, a problem'],
  [EXIT.usage, 'USAGE', 'a wrong command, option or argument; nothing was done'],
  [EXIT.dataError, 'DATAERR', 'a file, an answer or a code cannot be understood'],
  [EXIT.unavailable, 'UNAVAILABLE', 'nobody listens there, or the thing asked for does not exist'],
  [EXIT.software, 'SOFTWARE', 'a fault of ours; the text says where'],
  [EXIT.temporary, 'TEMPFAIL', 'not now: repeating the same command later may work, and is safe'],
  [EXIT.noPermission, 'NOPERM', 'the token or the credentials were refused'],
  [EXIT.config, 'CONFIG', 'the configuration or a provisioning file is wrong'],
]
