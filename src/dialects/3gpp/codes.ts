/**
 * The 26 status codes of TS 23.140 §8.7 with the standard's own titles and meanings. One provider
 * uses the same numbers; where it means something else, the standard's sense stands here.
 */
import { inheritCodes } from '../inherit.ts'
import { type SmsglobalCode, smsglobalCodes } from '../smsglobal/codes.ts'

/** A number of the standard. */
export type StandardCode = Exclude<SmsglobalCode, '0'>

/** The 26 rows, in the order of the numbers. */
export const standardCodes = inheritCodes(
  smsglobalCodes,
  {
    '1100': { without: ['note'] },
    '2000': { without: ['note'] },
    '2001': {
      meaning: 'The client may not use the operation or the feature it asks for.',
      action: 'Ask for the right, or leave the feature out.',
    },
    '2003': {
      meaning: 'The request names an address that the server, or the message it is about, lacks.',
      action: 'Correct the address; in a follow-up use a recipient of the original message.',
    },
    '2004': {
      text: 'Multimedia content refused',
      meaning: 'The content cannot be parsed, is too large, or is of a type that is refused.',
      action: 'Check the MIME parts, their types and their size.',
      without: ['note'],
    },
    '2008': {
      class: 'not-found',
      meaning: 'The application the message is for (ApplicID) is not registered.',
      action: 'Register the application or correct its id.',
      without: ['note', 'marks', 'candidates'],
    },
    '3000': {
      meaning: 'The server failed at a valid request; also read for any code outside the classes.',
      without: ['note', 'marks'],
    },
    '3001': { without: ['note'] },
    '3002': { text: 'Message rejected' },
    '4001': {
      meaning: 'The identification or the credentials of the request do not name one client.',
      action: 'Send the VASPID, VASID and credentials that were agreed.',
    },
    '4002': {
      meaning: 'The server does not serve this MM7Version, or the namespace is not one of its own.',
      action: 'Use a version and a namespace that the server names.',
      without: ['note'],
    },
    '4003': {
      meaning: 'The operation in the SOAP body is known and not served by this server.',
      action: 'Use an operation that the server offers.',
    },
  },
  [],
).filter(({ code }) => code !== '0')
