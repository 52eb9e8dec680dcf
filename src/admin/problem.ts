/** What the admin API says when it cannot do what was asked: RFC 9457, no stack, no secrets. */
import type { Reply } from './route.ts'

/** Every problem there is, with its HTTP status and title; the reference page lists them. */
export const PROBLEMS = {
  unauthenticated: [401, 'A bearer token is needed'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This path has other methods'],
  'parameter-wrong': [400, 'A parameter is not what it should be'],
  'body-too-large': [413, 'The body is larger than this path takes'],
  'body-unreadable': [400, 'The body cannot be read'],
  'media-type-unsupported': [415, 'The body has a type this path does not take'],
  'directory-wrong': [422, 'The directory cannot be used like this; nothing was changed'],
  'internal-error': [500, 'An error inside the gateway'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof PROBLEMS

/** A problem reply. `more` are members of its own, e.g. the list of single faults. */
export function problem(
  code: ProblemCode,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): Reply {
  const [status, title] = PROBLEMS[code]
  return {
    status,
    mediaType: 'application/problem+json',
    json: { type: `urn:carillon:problem:${code}`, title, status, detail, code, ...more },
  }
}
