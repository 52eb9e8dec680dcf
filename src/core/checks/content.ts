/** Checks of what a message carries. */
import type { Check } from './check.ts'

export const CONTENT_CHECKS = {
  'content-present': (r) => (r.contentPresent ? undefined : 'content-missing'),
  'content-readable': (r) => (r.contentReadable ? undefined : 'attachment-unreadable'),
  'content-types': (r) => (r.partTypesReadable ? undefined : 'attachment-type-invalid'),
  'content-size': (r, a) =>
    r.contentBytes > a.limits.contentBytesMax
      ? { reason: 'content-too-large', at: `limit ${a.limits.contentBytesMax} bytes` }
      : undefined,
  presentation: (r, a) =>
    a.limits.presentationRequired && !r.hasPresentation ? 'presentation-missing' : undefined,
} as const satisfies Record<string, Check>
