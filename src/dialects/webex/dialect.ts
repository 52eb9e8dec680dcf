/** Webex Connect: one list of codes for every channel, beside the one common to all. */
import type { Dialect } from '../../core/code-row.ts'
import { appleMessagesCodes } from './codes/apple-messages.ts'
import { emailCodes } from './codes/email.ts'
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
import { webexCommon } from './every-channel.ts'
import { webexGeneral } from './general.ts'

/** The provider as data. */
export const webex: Dialect = {
  ...webexCommon,
  surfaces: [
    ...webexCommon.surfaces,
    {
      name: 'sms',
      title: 'Webex Connect SMS',
      codes: smsCodes,
      general: webexGeneral.sms,
    },
    {
      name: 'voice',
      title: 'Webex Connect Voice',
      codes: voiceCodes,
      general: webexGeneral.voice,
    },
    {
      name: 'push',
      title: 'Webex Connect Push',
      codes: pushCodes,
      general: webexGeneral.push,
    },
    {
      name: 'in-app',
      title: 'Webex Connect In-App Messaging and Live Chat',
      codes: inAppCodes,
      general: webexGeneral['in-app'],
    },
    {
      name: 'email',
      title: 'Webex Connect Email',
      codes: emailCodes,
      general: webexGeneral.email,
    },
    {
      name: 'messenger',
      title: 'Webex Connect Messenger',
      codes: messengerCodes,
      general: webexGeneral.messenger,
    },
    {
      name: 'google-business-messages',
      title: 'Webex Connect Google Business Messages',
      codes: googleBusinessMessagesCodes,
      general: webexGeneral['google-business-messages'],
    },
    {
      name: 'instagram',
      title: 'Webex Connect Instagram',
      codes: instagramCodes,
      general: webexGeneral.instagram,
    },
    {
      name: 'twitter-dm',
      title: 'Webex Connect Twitter DM',
      codes: twitterDmCodes,
    },
    {
      name: 'apple-messages',
      title: 'Webex Connect Apple Messages for Business',
      codes: appleMessagesCodes,
      general: webexGeneral['apple-messages'],
    },
    {
      name: 'wechat',
      title: 'Webex Connect WeChat',
      codes: wechatCodes,
      general: webexGeneral.wechat,
    },
    {
      name: 'whatsapp',
      title: 'Webex Connect WhatsApp',
      codes: whatsappCodes,
      general: webexGeneral.whatsapp,
    },
    {
      name: 'rcs',
      title: 'Webex Connect RCS',
      codes: rcsCodes,
      general: webexGeneral.rcs,
    },
    {
      name: 'mms',
      title: 'Webex Connect MMS',
      codes: mmsCodes,
      general: webexGeneral.mms,
    },
  ],
}
