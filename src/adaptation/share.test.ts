import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limitsOf, messageBytesOf, type SentPart } from '../core/content-budget.ts'
import {
  beside,
  besideNew,
  bytesWithin,
  candidatesOf,
  roomFor,
  shareOf,
  staysWithin,
} from './share.ts'

const part = (mediaType: string, length: number): SentPart => ({
  mediaType,
  contentType: mediaType,
  encoding: 'binary',
  offset: 0,
  length,
  decodedLength: length,
})

test('what may be changed are pictures that can become something taken, the smallest first', () => {
  const parts = [
    part('image/jpeg', 300),
    part('image/vnd.wap.wbmp', 5),
    part('video/3gpp', 5),
    part('image/webp', 100),
    part('image/gif', 200),
  ]
  const found = candidatesOf(parts, limitsOf({ mediaTypes: ['image/jpeg', 'image/gif'] }))
  assert.deepEqual(
    found.map(({ part: { mediaType }, into, changing }) => [mediaType, into, changing]),
    [
      ['image/webp', ['jpeg', 'gif'], true],
      ['image/gif', ['gif', 'jpeg'], false],
      ['image/jpeg', ['jpeg', 'gif'], false],
    ],
  )
})

test('a message whose pictures take exactly their shares keeps to its budget', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 2_000_000 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 20_000, max: 3_000_000 }), (lengths, messageBytesMax) => {
      const limits = limitsOf({ messageBytesMax })
      const parts = [part('text/plain', 100), ...lengths.map((n) => part('image/jpeg', n))]
      const candidates = candidatesOf(parts, limits)
      let room = roomFor(candidates, parts, limits)
      const sent: SentPart[] = [part('text/plain', 100)]
      for (const [index, candidate] of candidates.entries()) {
        const share = shareOf(room, candidates.length - index)
        if (staysWithin(candidate, share)) {
          sent.push(candidate.part)
          room = beside(room, candidate)
        } else {
          const bytes = bytesWithin(share)
          sent.push(part('image/jpeg', bytes))
          room = besideNew(room, bytes)
        }
      }
      assert.ok(messageBytesOf(sent) <= messageBytesMax)
    }),
  )
})
