/** The provisioning of the crash tests: one client, a carrier that talks and one that does not. */
import { CARRIER_DOMAIN, MUTE_PREFIX } from './crash-carrier.ts'

export const CLIENT_KEY = 'kill-loop-key'
export const CLIENT_SENDER = '54321'
/** A second number of the client's, so that one mail of a handset can become two messages. */
export const OTHER_NUMBER = '54322'

/**
 * Short waits, so that whatever a kill left open is taken up soon; but the talking carrier says
 * something in the end, however often it meets a gateway that is down.
 */
export function crashDirectory(carrierPort: number, callbackUrl: string) {
  const mm4 = {
    host: '127.0.0.1',
    port: carrierPort,
    domain: CARRIER_DOMAIN,
    tls: 'off',
    dropsDuplicates: true,
    connections: 8,
    attemptsMax: 1000,
    retryDelayMsMin: 100,
    retryDelayMsMax: 500,
    attemptTimeoutMs: 3000,
    responseTimeoutMs: 3000,
    reportWindowMs: 3_600_000,
  }
  return {
    accounts: [
      {
        id: 'kill',
        dialect: 'sinch',
        mm7: {
          vaspId: CLIENT_KEY,
          callbackUrl,
          callbackPerSecond: 1000,
          callbackDelayMs: 100,
          callbackAttemptsMax: 1000,
        },
        services: [{ id: 'kill', senders: [CLIENT_SENDER, OTHER_NUMBER] }],
        limits: { callsPerSecond: 10_000, callsBurst: 10_000 },
      },
    ],
    numbers: [CLIENT_SENDER, OTHER_NUMBER].map((number) => ({
      number,
      account: 'kill',
      service: 'kill',
    })),
    carriers: [
      { name: 'talking', mm4: { ...mm4, fromAddresses: ['127.0.0.1'] } },
      { name: 'mute', mm4: { ...mm4, ackRequest: false, reportWindowMs: 2000 } },
    ],
    routes: [
      { name: 'all', carrier: 'talking' },
      { name: 'nowhere', prefix: MUTE_PREFIX, carrier: 'mute' },
    ],
  }
}
