/**
 * What `scripts/test.mjs` reads of a test run: one JSON file with the counts and every failure.
 * Suites are not counted, only tests.
 */
import { writeFileSync } from 'node:fs'
import { inspect } from 'node:util'

/** Silence after the last test: something is still open and keeps the process alive. */
const endGraceMs = 5_000
/** What a test says that is worth a line of the whole run: how many runs of which seeds it made. */
const note = /^[0-9]+ runs, seeds /
/** Silence in the middle of a test. */
const testSilenceMs = 300_000

const result = {
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: [],
  output: [],
  slowest: [],
  notes: [],
}

function save() {
  result.slowest = result.slowest.sort(([a], [b]) => b - a).slice(0, 3)
  writeFileSync(process.env.CARILLON_TEST_RESULT, JSON.stringify(result))
}

function failureText({ name, file, details }) {
  const error = details.error?.cause ?? details.error
  const shown = error instanceof Error ? (error.stack ?? error.message) : inspect(error)
  return `✖ ${name}${file === undefined ? '' : `  (${file})`}\n${shown.replace(/^/gm, '    ')}`
}

function fail(text) {
  result.failed += 1
  result.failures.push(text)
}

/** A test or suite that failed only because one inside it did says nothing new. */
function isEcho({ details }) {
  return details.error?.failureType === 'subtestsFailed'
}

function count(type, data) {
  const failed = type === 'test:fail' && data.todo === undefined
  if (isEcho(data) || (data.details.type === 'suite' && !failed)) return
  if (failed) fail(failureText(data))
  else if (data.skip !== undefined || data.todo !== undefined) result.skipped += 1
  else result.passed += 1
  result.slowest.push([Math.round(data.details.duration_ms), data.name])
}

/** Ends a run that would never end, and says what it hangs on. */
function giveUp(pending) {
  const held = process.getActiveResourcesInfo().join(', ')
  if (pending.length === 0) fail(`✖ every test ended, but the process does not: ${held}`)
  else fail(`✖ nothing happens any more in: ${pending.slice(-3).join(', ')} (${held})`)
  save()
  process.exit(1)
}

// biome-ignore lint/style/noDefaultExport: node:test asks for it
export default async function* report(source) {
  const pending = []
  let silence
  for await (const { type, data } of source) {
    if (type === 'test:enqueue') pending.push(data.name)
    if (type === 'test:complete') pending.splice(pending.lastIndexOf(data.name), 1)
    if (type === 'test:stdout' || type === 'test:stderr') {
      result.output = [...result.output.slice(-400), data.message]
    }
    if (type === 'test:diagnostic' && note.test(data.message)) result.notes.push(data.message)
    if (type === 'test:pass' || type === 'test:fail') count(type, data)
    clearTimeout(silence)
    const patienceMs = pending.length === 0 ? endGraceMs : testSilenceMs
    silence = setTimeout(() => giveUp(pending), patienceMs).unref()
  }
  save()
  yield ''
}
