/** Follows a message until it ends: asks again and again, and shows only what is new. */
import { setTimeout as pause } from 'node:timers/promises'
import { isFinal } from '../core/delivery-state.ts'
import type { AdminClient } from './admin-client.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Story } from './story.ts'
import type { Terminal } from './terminal.ts'
import { isOver, recordedRows } from './timeline.ts'
import { headingLines, resultLines, timelineLines } from './trace-view.ts'

const ASK_EVERY_MS = 250

/** Resolves when the message has ended and its client was told, or when the time is up. */
export async function followStory(
  client: AdminClient,
  first: Story,
  terminal: Terminal,
  timeoutSeconds: number | undefined,
): Promise<ExitCode> {
  const giveUpAt =
    timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutSeconds * 1000
  let story = first
  let shown = 0
  for (;;) {
    shown = showNew(story, shown, terminal)
    if (isOver(story)) break
    if (Date.now() >= giveUpAt) {
      terminal.say(`still not over after ${timeoutSeconds} s`)
      return EXIT.temporary
    }
    await pause(ASK_EVERY_MS)
    const { status, body } = await client.ask('GET', `/admin/messages/${story.message.id}`)
    // Forgotten meanwhile: its time in the store was over, so it had ended.
    if (status !== 200) break
    story = body as Story
  }
  if (!terminal.json) for (const line of resultLines(story, terminal)) terminal.print(line)
  return exitCodeOf(story)
}

/** Returns how many rows or events have been shown. */
function showNew(story: Story, shown: number, terminal: Terminal): number {
  if (terminal.json) {
    for (const event of story.events.slice(shown)) terminal.printJson(event)
    return story.events.length
  }
  if (shown === 0) for (const line of headingLines(story, terminal)) terminal.print(line)
  const rows = recordedRows(story)
  const fresh = rows.slice(shown)
  const lines = timelineLines(fresh, story.message.acceptedAt, terminal, rows[shown - 1])
  for (const line of lines) terminal.print(line)
  return rows.length
}

/** 0 when every recipient has it, 1 when one has not, 75 while it is open. */
export function exitCodeOf({ deliveries }: Story): ExitCode {
  if (deliveries.some(({ state }) => !isFinal(state))) return EXIT.temporary
  const good = deliveries.every(({ state }) => state === 'delivered' || state === 'forwarded')
  return good ? EXIT.ok : EXIT.failed
}
