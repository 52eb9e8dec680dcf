/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { inAppCodes } from '../codes/in-app.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const inAppScenarios = {
  '7500': { via: 'pending', given: 'in-app: the client sends its application receipt' },
  '7501': { via: 'pending', given: 'in-app: the broker acknowledges the publish' },
  '7502': { via: 'pending', given: 'in-app: the client sends a read receipt' },
  '7000/input-details': { via: 'pending', given: 'in-app: a thread id that is a list' },
  '7006': { via: 'pending', given: 'in-app: the store fails while the message is prepared' },
  '7010': { via: 'pending', given: 'in-app: the broker answers MQTT reason 0x97' },
  '7011': { via: 'pending', given: 'in-app: the broker answers MQTT reason 0x80' },
  '7301': {
    via: 'pending',
    given: 'in-app: the clock moves past the expiry while the app is offline',
  },
  '7304': { via: 'pending', given: 'in-app: an app whose secret was changed' },
  '7305': { via: 'pending', given: 'in-app: a user id the app never registered' },
  '7307': { via: 'pending', given: 'in-app: a user without session or push token' },
  '7308': { via: 'pending', given: 'in-app: a topic with a wildcard in it' },
  '7309': { via: 'pending', given: 'in-app: a topic without subscribers' },
  '7310': { via: 'pending', given: 'in-app: a segment that was deleted' },
  '7311': { via: 'pending', given: 'in-app: a message without thread and stream' },
  '7312': { via: 'pending', given: 'in-app: the thread id of another user' },
  '7000/generic-template': {
    via: 'pending',
    given: 'in-app: a generic template cut off in the middle',
  },
  '7003/generic-template': {
    via: 'pending',
    given: 'in-app: a template element with only a title',
  },
  '7004/generic-template': {
    via: 'pending',
    given: 'in-app: a template whose notification has an empty title',
  },
  '7034': { via: 'pending', given: 'in-app: a template with 9 elements' },
  '7703': { via: 'pending', given: 'in-app: a template element with 4 buttons' },
  '7704/generic-template': {
    via: 'pending',
    given: 'in-app: a template with two buttons called yes',
  },
  '7708': { via: 'pending', given: 'in-app: a template element with 6 image addresses' },
  '7004/quick-replies': {
    via: 'pending',
    given: 'in-app: quick replies beside an attachment of type contact',
  },
  '7003/quick-replies': {
    via: 'pending',
    given: 'in-app: quick replies beside an attachment without a type',
  },
  '7704/quick-replies': { via: 'pending', given: 'in-app: two quick replies called yes' },
  '7706': { via: 'pending', given: 'in-app: a message with 6 quick replies' },
  '7026': { via: 'pending', given: 'in-app: quick replies whose payloads make 5 KB' },
} satisfies Record<RowKey<(typeof inAppCodes)[number]>, Scenario>
