/** The demonstration accounts of the sandbox, as the simulated world provisions them. */

export interface DemoAccount {
  /** Last word of the door's path, /mm7/<path>. */
  readonly path: string
  readonly vaspId: string
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { path: 'sinch', vaspId: 'demo-sinch-key' },
  { path: 'skycore', vaspId: 'demo-skycore-key' },
  { path: 'smsglobal', vaspId: 'demo-smsglobal-key' },
]

/** Service and sender that each of them has. */
export const DEMO_VASID = 'demo'
export const DEMO_SENDER = '12345'
/** Where their reports and incoming messages go; `listen` answers there. */
export const DEMO_CALLBACK_PORT = 8081
/** Binds over SMPP: system_id, password, and a number of its own. */
export const DEMO_ESME = {
  systemId: 'demo-esme',
  password: 'demo',
  sender: '+15005550120',
} as const
/** The dialect whose codes it is told. */
export const DEMO_ESME_DIALECT = 'bandwidth'
/** A handset that takes everything and likes to answer. */
export const DEMO_RECIPIENT = '+15550100123'

/** The Content-Type `examples/first-mms/submit.mime` is written for. */
export const SUBMIT_CONTENT_TYPE = 'multipart/related; boundary="first-mms"; type="text/xml"'
