/** How each code of every channel is made to happen. */
import type { Scenarios } from '../../core/code-row.ts'
import { appleMessagesScenarios } from './scenarios/apple-messages.ts'
import { emailScenarios } from './scenarios/email.ts'
import { commonScenarios } from './scenarios/every-channel.ts'
import { googleBusinessMessagesScenarios } from './scenarios/google-business-messages.ts'
import { inAppScenarios } from './scenarios/in-app.ts'
import { instagramScenarios } from './scenarios/instagram.ts'
import { messengerScenarios } from './scenarios/messenger.ts'
import { mmsScenarios } from './scenarios/mms.ts'
import { pushScenarios } from './scenarios/push.ts'
import { rcsScenarios } from './scenarios/rcs.ts'
import { smsScenarios } from './scenarios/sms.ts'
import { twitterDmScenarios } from './scenarios/twitter-dm.ts'
import { voiceScenarios } from './scenarios/voice.ts'
import { wechatScenarios } from './scenarios/wechat.ts'
import { whatsappScenarios } from './scenarios/whatsapp.ts'

/** The scenarios by the name of their surface. */
export const webexScenarios: Readonly<Record<string, Scenarios>> = {
  common: commonScenarios,
  sms: smsScenarios,
  voice: voiceScenarios,
  push: pushScenarios,
  'in-app': inAppScenarios,
  email: emailScenarios,
  messenger: messengerScenarios,
  'google-business-messages': googleBusinessMessagesScenarios,
  instagram: instagramScenarios,
  'twitter-dm': twitterDmScenarios,
  'apple-messages': appleMessagesScenarios,
  wechat: wechatScenarios,
  whatsapp: whatsappScenarios,
  rcs: rcsScenarios,
  mms: mmsScenarios,
}
