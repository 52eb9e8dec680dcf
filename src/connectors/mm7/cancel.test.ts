import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Cancellation } from '../../engine/ports/connector.ts'
import type { HttpResult } from '../../transports/http/http-result.ts'
import { classifyCancel } from './cancel.ts'

function answered(status: number, body: string): HttpResult {
  const headers = { 'content-type': 'text/xml' }
  return { kind: 'answered', status, headers, body: Buffer.from(body), truncated: false }
}

function saying(statusCode: number, name: 'CancelRsp' | 'RSErrorRsp' = 'CancelRsp'): HttpResult {
  const mm7Version = '6.8.0'
  const status = { statusCode, statusText: 'said' }
  const namespace = namespaceFor(mm7Version)
  const operation = { name, mm7Version, status }
  return answered(200, encodeMm7({ transactionId: 't', namespace, operation }))
}

// biome-ignore format: a table
const answers: readonly (readonly [string, HttpResult, Cancellation['kind']])[] = [
  ['1000',                     saying(1000),                'cancelled'],
  ['1100',                     saying(1100),                'cancelled'],
  ['2003, no such recipient',  saying(2003),                'not-found'],
  ['2005, no such message',    saying(2005, 'RSErrorRsp'),  'not-found'],
  ['2512, not served',         saying(2512, 'RSErrorRsp'),  'unsupported'],
  ['3001, not any more',       saying(3001),                'too-late'],
  ['4003, not served',         saying(4003, 'RSErrorRsp'),  'unsupported'],
  ['4001, who are you',        saying(4001, 'RSErrorRsp'),  'refused'],
  ['HTTP 404 without a word',  answered(404, ''),           'refused'],
  ['HTTP 200 without a word',  answered(200, ''),           'unknown'],
  ['HTTP 200 with a page',     answered(200, '<html/>'),    'unknown'],
  ['silence',                  { kind: 'unknown', because: 'timeout', detail: '' },          'unknown'],
  ['nobody there',             { kind: 'not-sent', because: 'connect-failed', detail: '' },  'unreachable'],
]
for (const [what, result, kind] of answers) {
  test(`a withdrawal answered by ${what} is ${kind}`, () => {
    assert.equal(classifyCancel(result).kind, kind)
  })
}
