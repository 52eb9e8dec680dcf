/** Messages as the admin API shows them: everything known, minus the bytes of the content. */
import { isFinal } from '../core/delivery-state.ts'
import type { Content, Message } from '../core/message.ts'
import type { Delivery, MessageStory } from '../engine/ports/store.ts'

/** Why one recipient has no result yet. */
export interface Waiting {
  readonly index: number
  readonly because: string
}

/** A message whose inline bytes are replaced by their number. */
export function viewMessage(message: Message) {
  return { ...message, content: viewContent(message.content) }
}

/** A story with one sentence for every delivery that has not ended. */
export function viewStory(story: MessageStory, explainWait: (delivery: Delivery) => string) {
  const waiting: Waiting[] = story.deliveries
    .filter((delivery) => !isFinal(delivery.state))
    .map((delivery) => ({ index: delivery.index, because: explainWait(delivery) }))
  return { ...story, message: viewMessage(story.message), waiting }
}

function viewContent({ inline, ...content }: Content) {
  return inline === undefined ? content : { ...content, inlineBytes: inline.length }
}
