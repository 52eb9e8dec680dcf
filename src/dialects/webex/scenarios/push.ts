/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { pushCodes } from '../codes/push.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const pushScenarios = {
  '7500': { via: 'pending', given: 'push: the SDK in the app sends its receipt' },
  '7501': { via: 'pending', given: 'push: FCM answers 200 with a message name' },
  '7502': { via: 'pending', given: 'push: the SDK reports a tap' },
  '7503': {
    via: 'pending',
    given: 'push: the clock moves past the expiry before the first attempt',
  },
  '7504': { via: 'pending', given: 'push: APNs answers 403 InvalidProviderToken' },
  '7505': { via: 'pending', given: 'push: an Android payload of 4097 bytes' },
  '7506': { via: 'pending', given: 'push: an Android time to live of 2419201' },
  '7507': { via: 'pending', given: 'push: FCM answers 429 QUOTA_EXCEEDED' },
  '7508': { via: 'pending', given: 'push: FCM answers 500 INTERNAL' },
  '7509': { via: 'pending', given: 'push: one parallel request more than the tenant may have' },
  '7510': { via: 'pending', given: 'push: APNs answers 413 PayloadTooLarge' },
  '7511': { via: 'pending', given: 'push: APNs answers 400 BadExpirationDate' },
  '7512': { via: 'pending', given: 'push: APNs answers 400 BadDeviceToken' },
  '7513': { via: 'pending', given: 'push: APNs answers 410 Unregistered' },
  '7514': { via: 'pending', given: 'push: APNs answers 403 BadCertificateEnvironment' },
  '7515': { via: 'pending', given: 'push: APNs answers 403 BadCertificate' },
  '7516': { via: 'pending', given: 'push: APNs answers 429 TooManyRequests' },
  '7517': { via: 'pending', given: 'push: APNs answers 503 Shutdown' },
  '7518': { via: 'pending', given: 'push: APNs answers 404 BadPath' },
  '7537': { via: 'pending', given: 'push: HMS answers 80100000 with one illegal token of two' },
  '7538': { via: 'pending', given: 'push: HMS answers 80100001' },
  '7539': { via: 'pending', given: 'push: HMS answers 80100002 to a sync push for two tokens' },
  '7540': { via: 'pending', given: 'push: HMS answers 80100003' },
  '7541': { via: 'pending', given: 'push: HMS answers 80100004' },
  '7542': { via: 'pending', given: 'push: HMS answers 80100013' },
  '7543': { via: 'pending', given: 'push: HMS answers 80100016' },
  '7544': { via: 'pending', given: 'push: HMS answers 80200001' },
  '7545': { via: 'pending', given: 'push: HMS answers 80200003 twice' },
  '7546': { via: 'pending', given: 'push: HMS answers 80300002' },
  '7547': { via: 'pending', given: 'push: HMS answers 80300007' },
  '7548': { via: 'pending', given: 'push: HMS answers 80300008' },
  '7549': { via: 'pending', given: 'push: HMS answers 80300010' },
  '7550': { via: 'pending', given: 'push: HMS answers 80300011' },
  '7551': { via: 'pending', given: 'push: HMS answers 81000001' },
} satisfies Record<RowKey<(typeof pushCodes)[number]>, Scenario>
