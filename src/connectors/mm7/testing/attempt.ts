/** Attempts and settings for tests: whole values, of which a test changes what it is about. */

import type { Mm7Upstream } from '../../../core/carrier.ts'
import type { Part } from '../../../core/message.ts'
import type { Attempt } from '../../../engine/ports/connector.ts'

/** A stored part and its bytes. */
export function partOf(
  mediaType: string,
  bytes: Uint8Array,
  change: Partial<Part> = {},
): { readonly part: Part; readonly bytes: Uint8Array } {
  const part: Part = {
    mediaType,
    contentType: mediaType,
    encoding: 'binary',
    offset: 0,
    length: bytes.length,
    decodedLength: bytes.length,
    ...change,
  }
  return { part, bytes }
}

/** An attempt that carries these parts. */
export function attemptOf(
  parts: readonly ReturnType<typeof partOf>[] = [],
  change: Partial<Attempt> = {},
): Attempt {
  return {
    messageId: '123456789012345678',
    index: 0,
    accountId: 'tenant',
    key: '123456789012345678-0',
    number: 1,
    recipient: { kind: 'number', text: '15550100123' },
    envelope: {
      sender: { kind: 'short-code', text: '12345' },
      messageClass: 'informational',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: true,
      readReports: false,
    },
    acceptedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    expiresAt: Date.UTC(2026, 0, 5, 3, 4, 5),
    dialect: 'sinch',
    content: {
      parts: parts.map(({ part }) => part),
      length: parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
      extents: [],
    },
    async *open(part) {
      const found = parts.find((each) => each.part === part)
      if (found !== undefined) yield found.bytes
    },
    ...change,
  }
}

/** Settings of an upstream at this address. */
export function upstreamAt(url: string, change: Partial<Mm7Upstream> = {}): Mm7Upstream {
  return {
    url,
    vaspId: 'our-key',
    version: '6.8.0',
    numberForm: 'digits',
    shortCodeElement: 'ShortCode',
    headers: [],
    sendsReports: true,
    readReplies: true,
    forwardedMeans: 'forwarded',
    dropsDuplicates: false,
    blankMeansAccepted: false,
    connections: 4,
    attemptsMax: 12,
    retryDelayMsMin: 1000,
    retryDelayMsMax: 60_000,
    attemptTimeoutMs: 5000,
    connectTimeoutMs: 2000,
    answerTimeoutMs: 2000,
    reportWindowMs: 60_000,
    ...change,
  }
}
