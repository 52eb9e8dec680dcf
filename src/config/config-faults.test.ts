/** What an operator can get wrong in `carillon.toml`, and what the answer names. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type ConfigSources, loadConfig } from './load.ts'
import { OperatorError } from './operator-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'carillon-faults-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'carillon.toml')

/** The text of a file, the option the answer must name, and what message or hint must say. */
type Row = readonly [toml: string, path: string, says: RegExp]

// biome-ignore format: a table
const UNKNOWN: readonly Row[] = [
  ['dat = "x"',                                'dat',                       /mean "data"/],
  ['[htpp]',                                   'htpp',                      /mean "http"/],
  ['[smpt]\nport = 1',                         'smpt',                      /mean "smtp"/],
  ['[http]\nprot = 1',                         'http.prot',                 /mean "http\.port"/],
  ['[http]\nhots = "a"',                       'http.hots',                 /mean "http\.host"/],
  ['[http]\nheadersTimeout = 1',               'http.headersTimeout',       /mean "http\.headersTimeoutMs"/],
  ['[http]\nrequest_timeout_ms = 1000',        'http.request_timeout_ms',   /mean "http\.requestTimeoutMs"/],
  ['[http]\nkeepAliveTimeuotMs = 1000',        'http.keepAliveTimeuotMs',   /mean "http\.keepAliveTimeoutMs"/],
  ['[http]\nmaxConnections = 10',              'http.maxConnections',       /Known here: host, port/],
  ['[http.tls]\nkey = "k"\ncrt = "c"',         'http.tls.crt',              /mean "http\.tls\.cert"/],
  ['[smtp]\nhostName = "a"',                   'smtp.hostName',             /mean "smtp\.hostname"/],
  ['[smtp]\ndomian = "a"',                     'smtp.domian',               /mean "smtp\.domain"/],
  ['[smtp]\nmessageBytes = 1',                 'smtp.messageBytes',         /mean "smtp\.messageBytesMax"/],
  ['[smtp]\nheadersTimeoutMs = 1',             'smtp.headersTimeoutMs',     /mean "http\.headersTimeoutMs"/],
  ['[admin]\ntoken = "secret"',                'admin.token',               /Known here: host, port, tokenFile/],
  ['[admin]\ntokenfile = "t"',                 'admin.tokenfile',           /mean "admin\.tokenFile"/],
  ['[store]\nsegmentBytes = 1',                'store.segmentBytes',        /mean "store\.segmentBytesMax"/],
  ['[store]\ndiskReserve = 1',                 'store.diskReserve',         /Known here: inlineBytesMax/],
  ['[limits]\nmimeDepth = 1',                  'limits.mimeDepth',          /mean "limits\.mimeDepthMax"/],
  ['[limits]\nretentionMs = 1',                'limits.retentionMs',        /mean "engine\.retentionMs"/],
  ['[engine]\nretention = "7d"',               'engine.retention',          /mean "engine\.retentionMs"/],
  ['[log]\nlvel = "info"',                     'log.lvel',                  /mean "log\.level"/],
  ['[shutdown]\ndeadline = 1',                 'shutdown.deadline',         /mean "shutdown\.deadlineMs"/],
  ['[sandbox]\nenable = true',                 'sandbox.enable',            /mean "sandbox\.enabled"/],
  ['port = 8080',                              'port',                      /mean "http\.port"/],
  ['level = "info"',                           'level',                     /mean "log\.level"/],
  ['"__proto__" = 1',                          '__proto__',                 /no such option/],
  ['constructor = 1',                          'constructor',               /no such option/],
]

// biome-ignore format: a table
const WRONG: readonly Row[] = [
  ['[[filter.patterns]]\nname = "x"\npattern = "(a"', 'filter.patterns[0].pattern', /regular expression/],
  ['data = 1',                                 'data',                      /must be text that is not empty, not 1/],
  ['data = ""',                                'data',                      /must be text that is not empty/],
  ['data = ["a"]',                             'data',                      /not a list/],
  ['http = 8080',                              'http',                      /must be a table, not 8080/],
  ['http = []',                                'http',                      /must be a table, not a list/],
  ['sandbox = true',                           'sandbox',                   /must be a table/],
  ['smtp = 2026-11-21',                        'smtp',                      /must be a table, not a date/],
  ['[http]\nport = "8080"',                    'http.port',                 /a whole number from 0 to 65535, not "8080"/],
  ['[http]\nport = 80.5',                      'http.port',                 /whole number/],
  ['[http]\nport = -1',                        'http.port',                 /from 0 to 65535, not -1/],
  ['[http]\nport = 65536',                     'http.port',                 /from 0 to 65535/],
  ['[http]\nport = nan',                       'http.port',                 /whole number/],
  ['[http]\nport = inf',                       'http.port',                 /whole number/],
  ['[http]\nport = true',                      'http.port',                 /not true/],
  ['[http]\nhost = "a b"',                     'http.host',                 /host name or an IP address/],
  ['[http]\nhost = ""',                        'http.host',                 /host name or an IP address/],
  ['[http]\nheadersTimeoutMs = 10',            'http.headersTimeoutMs',     /from 100 to/],
  ['[http]\nheadersTimeoutMs = 90_000',        'http.headersTimeoutMs',     /http\.requestTimeoutMs/],
  ['[http]\nconnectionsMax = 0',               'http.connectionsMax',       /from 1/],
  ['[http]\ntls = "on"',                       'http.tls',                  /must be a table/],
  ['[http.tls]\nkey = "k.pem"',                'http.tls.cert',             /is missing/],
  ['[http.tls]\ncert = "c.pem"',               'http.tls.key',              /is missing/],
  ['[smtp.tls]\nkey = "/no/k"\ncert = "/no/c"', 'smtp.tls.key',             /no file "\/no\/k"/],
  ['[smpp.tls]\nkey = "/no/k"\ncert = "/no/c"', 'smpp.tls.key',             /no file "\/no\/k"/],
  ['[smtp]\nhostname = "-a"',                  'smtp.hostname',             /must be a host name/],
  ['[smtp]\ndomain = "a@b"',                   'smtp.domain',               /must be a host name/],
  ['[smtp]\nmessageBytesMax = 10',             'smtp.messageBytesMax',      /from 65536/],
  ['[smtp]\nmessageBytesMax = 300_000_000',    'smtp.messageBytesMax',      /concurrentUploadBytesMax/],
  ['[smtp]\nrecipientsMax = 0',                'smtp.recipientsMax',        /from 1 to/],
  ['[smtp]\nport = 8080',                      'smtp.port',                 /8080 is taken by http\.port/],
  ['[admin]\nport = 2525',                     'admin.port',                /taken by smtp\.port/],
  ['[admin]\nhost = "0.0.0.0"\nport = 8080',   'admin.port',                /taken by http\.port/],
  ['[sandbox]\nenabled = true\nsmtpPort = 2525', 'sandbox.smtpPort',        /taken by smtp\.port/],
  ['[sandbox]\nenabled = "yes"',               'sandbox.enabled',           /true or false, not "yes"/],
  ['[sandbox]\nseed = -1',                     'sandbox.seed',              /from 0/],
  ['[admin]\ntokenFile = ""',                  'admin.tokenFile',           /not empty/],
  ['[store]\ninlineBytesMax = 1e9',            'store.inlineBytesMax',      /from 0 to 1048576/],
  ['[store]\nsegmentBytesMax = 1',             'store.segmentBytesMax',     /from 1048576/],
  ['[store]\ndiskReserveShare = 10',           'store.diskReserveShare',    /a number from 0 to 0\.9, not 10/],
  ['[store]\ndiskReserveBytes = "2GB"',        'store.diskReserveBytes',    /not "2GB"/],
  ['[limits]\nmimePartsMax = 0',               'limits.mimePartsMax',       /from 1/],
  ['[limits]\nenvelopeBytesMax = 16_000_000\nrequestBytesMax = 1_000_000', 'limits.envelopeBytesMax', /limits\.requestBytesMax/],
  ['[limits]\nconcurrentUploadBytesMax = 2_000_000\nrequestBytesMax = 3_000_000', 'limits.requestBytesMax', /never be taken/],
  ['[engine]\nvalidityMsMax = 1',              'engine.validityMsMax',      /from 60000/],
  ['[engine]\nsweepIntervalMs = 0',            'engine.sweepIntervalMs',    /from 10/],
  ['[log]\nlevel = "verbose"',                 'log.level',                 /"silent" or "fatal"/],
  ['[log]\nlevel = "wran"',                    'log.level',                 /mean "warn"/],
  ['[shutdown]\ndeadlineMs = -5',              'shutdown.deadlineMs',       /from 0/],
]

/** The same from outside the file: source, what it names, what it says, and where. */
type OutsideRow = readonly [Partial<ConfigSources>, string, RegExp, string]

// biome-ignore format: a table
const OUTSIDE: readonly OutsideRow[] = [
  [{ env: { CARILLON_HTTP__PORT: 'x' } },          'http.port',  /whole number from 0 to 65535, not "x"/, 'CARILLON_HTTP__PORT'],
  [{ env: { CARILLON_HTTP__PORT: '' } },           'http.port',  /whole number/,                          'CARILLON_HTTP__PORT'],
  [{ env: { CARILLON_HTTP__PROT: '1' } },          'http.prot',  /mean CARILLON_HTTP__PORT/,              'CARILLON_HTTP__PROT'],
  [{ env: { CARILLON_HTTP_PORT: '1' } },           'httpport',   /mean CARILLON_HTTP__PORT/,              'CARILLON_HTTP_PORT'],
  [{ env: { CARILLON_DATTA: '1' } },               'datta',      /mean CARILLON_DATA/,                    'CARILLON_DATTA'],
  [{ env: { CARILLON_NO__SUCH: '1' } },            'no.such',    /no such option/,                        'CARILLON_NO__SUCH'],
  [{ env: { CARILLON_SANDBOX__ENABLED: 'maybe' } }, 'sandbox.enabled', /true or false/,                   'CARILLON_SANDBOX__ENABLED'],
  [{ env: { CARILLON_LOG__LEVEL: 'loud' } },       'log.level',  /"silent" or/,                           'CARILLON_LOG__LEVEL'],
  [{ env: { CARILLON_SMTP__MESSAGE_BYTES_MAX: '1000000', CARILLON_SMTP__MESSAGEBYTESMAX: '2000000' } },
                                                   'smtp.messageBytesMax', /also set by/,                 'CARILLON_SMTP__MESSAGEBYTESMAX'],
  [{ flags: { 'http.prot': '1' } },                'http.prot',  /mean --http\.port/,                     '--http.prot'],
  [{ flags: { 'http.port': 'x' } },                'http.port',  /whole number/,                          '--http.port'],
  [{ flags: { http: '1' } },                       'http',       /no such option/,                        '--http'],
  [{ flags: { 'http.port': true } },               'http.port',  /not true/,                              '--http.port'],
]

describe('a wrong carillon.toml', () => {
  for (const [toml, path, says] of [...UNKNOWN, ...WRONG]) {
    test(`${JSON.stringify(toml)} names ${path}`, () => {
      writeFileSync(file, toml)
      const problem = problemAt({ file, env: {}, flags: {} }, path)
      assert.match(`${problem.message} ${problem.hint ?? ''}`, says)
      assert.match(problem.where ?? '', /carillon\.toml(:\d+)?$/)
    })
  }
})

describe('a wrong value from outside the file', () => {
  for (const [sources, path, says, where] of OUTSIDE) {
    test(`${JSON.stringify(sources)} names ${path}`, () => {
      const problem = problemAt(
        { env: {}, flags: {}, folder: join(folder, 'none'), ...sources },
        path,
      )
      assert.match(`${problem.message} ${problem.hint ?? ''}`, says)
      assert.equal(problem.where, where)
    })
  }
})

function problemAt(sources: ConfigSources, path: string) {
  let thrown: unknown
  try {
    loadConfig(sources)
  } catch (error) {
    thrown = error
  }
  assert.ok(thrown instanceof OperatorError, `accepted, or threw ${String(thrown)}`)
  assert.equal(thrown.exitCode, 78)
  assert.ok(thrown.message.includes(path))
  const problem = thrown.problems.find((each) => each.path === path)
  assert.ok(problem !== undefined, thrown.message)
  return problem
}
