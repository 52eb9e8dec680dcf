/** A message's story as the admin API tells it: the store's, without content bytes. */
import type { Content, Message } from '../core/message.ts'
import type { MessageStory } from '../engine/ports/store.ts'

export interface Story extends Omit<MessageStory, 'message'> {
  readonly message: Omit<Message, 'content'> & {
    readonly content: Omit<Content, 'inline'> & { readonly inlineBytes?: number }
  }
  /** For each recipient without a result: one sentence. */
  readonly waiting: readonly { readonly index: number; readonly because: string }[]
}
