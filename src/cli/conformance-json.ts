/** A row of a conformance run for programs. */
import type { RowResult } from '../conformance/run.ts'

/** What `carillon conformance --json` prints for a row. */
export function conformanceJson({ row, state, sighting, tookMs }: RowResult) {
  const { dialect, surface, code, provoke } = row.entry
  const { expected, seen, evidence, because, transcript } = sighting
  return {
    dialect,
    surface,
    code,
    state,
    ...provoke,
    expected,
    seen: seen ?? null,
    evidence,
    tookMs,
    ...(state !== 'seen' && {
      ...(because !== undefined && { because }),
      transcript: transcript.map(({ who, bytes }) => ({
        who,
        text: Buffer.from(bytes).toString('utf8'),
      })),
    }),
  }
}
