/** The account under which rows are provoked over SMPP, as a part of the provisioning file. */

/** What it binds with: 15 characters and 8 at most. */
export const SYSTEM_ID = 'conformance'
export const PASSWORD = 'conform'
/** A number of its own, of those kept free for fiction. Digits without a plus. */
export const SENDER = '15550100144'

/** The file's value for a dialect. */
export function smppDirectory(dialect: string) {
  const id = `conformance-${dialect}-esme`
  const account = {
    id,
    name: `Conformance run (${dialect})`,
    dialect,
    smpp: {
      systemId: SYSTEM_ID,
      password: PASSWORD,
      registeredDelivery: 'standard',
      interimReceipts: true,
    },
    limits: { callsPerSecond: 1000, callsBurst: 1000 },
  }
  return { accounts: [account], numbers: [{ number: SENDER, account: id }] }
}
