/** Webex Connect: one list of codes for every channel, and one common to all. */
import type { Dialect } from '../../core/code-row.ts'
import { appleMessagesCodes } from './codes/apple-messages.ts'
import { emailCodes } from './codes/email.ts'
import { commonCodes } from './codes/every-channel.ts'
import { googleBusinessMessagesCodes } from './codes/google-business-messages.ts'
import { inAppCodes } from './codes/in-app.ts'
import { instagramCodes } from './codes/instagram.ts'
import { messengerCodes } from './codes/messenger.ts'
import { mmsCodes } from './codes/mms.ts'
import { pushCodes } from './codes/push.ts'
import { rcsCodes } from './codes/rcs.ts'
import { smsCodes } from './codes/sms.ts'
import { twitterDmCodes } from './codes/twitter-dm.ts'
import { voiceCodes } from './codes/voice.ts'
import { wechatCodes } from './codes/wechat.ts'
import { whatsappCodes } from './codes/whatsapp.ts'
import { webexGeneral } from './general.ts'
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

/** The provider as data. */
export const webex: Dialect = {
  name: 'webex',
  title: 'Webex Connect',
  sandboxDigit: '4',
  surfaces: [
    {
      name: 'common',
      title: 'Webex Connect codes common to all channels',
      codes: commonCodes,
      scenarios: commonScenarios,
      general: webexGeneral.common,
    },
    {
      name: 'sms',
      title: 'Webex Connect SMS',
      codes: smsCodes,
      scenarios: smsScenarios,
      general: webexGeneral.sms,
    },
    {
      name: 'voice',
      title: 'Webex Connect Voice',
      codes: voiceCodes,
      scenarios: voiceScenarios,
      general: webexGeneral.voice,
    },
    {
      name: 'push',
      title: 'Webex Connect Push',
      codes: pushCodes,
      scenarios: pushScenarios,
      general: webexGeneral.push,
    },
    {
      name: 'in-app',
      title: 'Webex Connect In-App Messaging and Live Chat',
      codes: inAppCodes,
      scenarios: inAppScenarios,
      general: webexGeneral['in-app'],
    },
    {
      name: 'email',
      title: 'Webex Connect Email',
      codes: emailCodes,
      scenarios: emailScenarios,
      general: webexGeneral.email,
    },
    {
      name: 'messenger',
      title: 'Webex Connect Messenger',
      codes: messengerCodes,
      scenarios: messengerScenarios,
      general: webexGeneral.messenger,
    },
    {
      name: 'google-business-messages',
      title: 'Webex Connect Google Business Messages',
      codes: googleBusinessMessagesCodes,
      scenarios: googleBusinessMessagesScenarios,
      general: webexGeneral['google-business-messages'],
    },
    {
      name: 'instagram',
      title: 'Webex Connect Instagram',
      codes: instagramCodes,
      scenarios: instagramScenarios,
      general: webexGeneral.instagram,
    },
    {
      name: 'twitter-dm',
      title: 'Webex Connect Twitter DM',
      codes: twitterDmCodes,
      scenarios: twitterDmScenarios,
    },
    {
      name: 'apple-messages',
      title: 'Webex Connect Apple Messages for Business',
      codes: appleMessagesCodes,
      scenarios: appleMessagesScenarios,
      general: webexGeneral['apple-messages'],
    },
    {
      name: 'wechat',
      title: 'Webex Connect WeChat',
      codes: wechatCodes,
      scenarios: wechatScenarios,
      general: webexGeneral.wechat,
    },
    {
      name: 'whatsapp',
      title: 'Webex Connect WhatsApp',
      codes: whatsappCodes,
      scenarios: whatsappScenarios,
      general: webexGeneral.whatsapp,
    },
    {
      name: 'rcs',
      title: 'Webex Connect RCS',
      codes: rcsCodes,
      scenarios: rcsScenarios,
      general: webexGeneral.rcs,
    },
    {
      name: 'mms',
      title: 'Webex Connect MMS',
      codes: mmsCodes,
      scenarios: mmsScenarios,
      general: webexGeneral.mms,
    },
  ],
  // All three stand in the common list, so every channel has them, each of the permanence told.
  fallback: { transient: '7006', permanent: '7004', unknown: '7200' },
}
