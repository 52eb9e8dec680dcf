/** Finds the keyword in what a subscriber sends, for every door that takes messages from handsets. */
import { consentOf } from '../core/consent.ts'
import type { Submission } from '../core/message.ts'
import type { Intake } from './content-intake.ts'

/** What may stand beside a keyword: a handset lays out even a single word. */
const BESIDE: ReadonlySet<string> = new Set(['text/plain', 'application/smil'])

/**
 * The submission's `consent`, present where its whole text is a keyword. A message without text is
 * judged by its subject, where some handsets put a short text; one with a picture is none.
 */
export function keywordIn(
  { inspected, content }: Pick<Intake, 'inspected' | 'content'>,
  subject: string | undefined,
): Pick<Submission, 'consent'> {
  if (inspected === undefined) return {}
  if (!content.parts.every(({ mediaType }) => BESIDE.has(mediaType))) return {}
  const text = inspected.text.trim() === '' ? (subject ?? '') : inspected.text
  const consent = consentOf(text)
  return consent === undefined ? {} : { consent }
}
