/**
 * The adapter: measures a content against a way out's budget and has its pictures made smaller in
 * threads until it fits. Words, sounds, films, presentations and whatever is protected by DRM (its
 * own media types) stay byte for byte as they came.
 */
import { contentType, parseContentType, printContentType } from '../codecs/mime/content-type.ts'
import { type ContentLimits, excessOf, limitsOf, type SentPart } from '../core/content-budget.ts'
import type { Part } from '../core/message.ts'
import type { Adapter, Fit, FitRequest, Unfit } from '../engine/ports/adapter.ts'
import { createMemoryGate } from './memory-gate.ts'
import { bytesOf, headerOf } from './part-bytes.ts'
import { formatOf, MEDIA_TYPES, targetsOf } from './picture-format.ts'
import { readPictureHeader } from './picture-header.ts'
import { openPicturePool } from './picture-pool.ts'
import { failed, type PictureAnswer } from './picture-task.ts'
import {
  beside,
  besideNew,
  bytesWithin,
  type Candidate,
  candidatesOf,
  roomFor,
  shareOf,
  staysWithin,
} from './share.ts'

export interface AdapterOptions {
  /** Pictures worked on at once, each in a thread of its own. */
  readonly workers: number
  /** Bytes of pictures in memory, all attempts together: as they came and as they were made. */
  readonly memoryBytesMax: number
  /** Pixels of one picture, all its frames together; more are not decoded. */
  readonly pixelsMax: number
  /** For one picture. */
  readonly timeoutMs: number
  /** Module of the picture library; another one only in tests. */
  readonly library?: string
}

/** JavaScript heap of one picture thread: it holds numbers, the pixels lie outside it. */
const HEAP_BYTES_MAX = 64 * 1024 * 1024
const LIBRARY = 'sharp'
/** A picture that becomes one of another type may grow, up to this. */
const GROWN_BYTES_MAX = 512 * 1024

/** A part that was made anew, and its bytes. */
interface Made {
  readonly old: SentPart | undefined
  readonly part: Part
  readonly bytes: Uint8Array
  readonly note: string
}

/** Starts nothing yet: the first picture starts the first thread. */
export function openAdapter(options: AdapterOptions): Adapter {
  const pool = openPicturePool({
    workers: options.workers,
    timeoutMs: options.timeoutMs,
    library: options.library ?? LIBRARY,
    heapBytesMax: HEAP_BYTES_MAX,
  })
  const gate = createMemoryGate(options.memoryBytesMax)

  async function fit(request: FitRequest, signal: AbortSignal): Promise<Fit> {
    const limits = limitsOf(request.budget)
    const parts = await measured(request, limits)
    const excess = excessOf(parts, limits)
    if (excess === undefined) return { kind: 'fits' }
    const cannot = (because: Unfit, raw: string): Fit => ({ kind: 'cannot', because, excess, raw })
    if (!request.allowed) return cannot('adaptation-forbidden', `${excess} exceed what is taken`)
    const candidates = candidatesOf(parts, limits)
    // With nothing left to change, is there still something in the way?
    const others = parts.filter((part) => !candidates.some((one) => one.part === part))
    const lasting = excessOf(others, limits)
    if (lasting === 'type') return cannot('type-not-taken', untaken(others, limits))
    if (lasting !== undefined || candidates.length === 0) {
      return cannot('too-large', 'what is no picture is too large already')
    }
    const need = candidates.reduce(
      (sum, { part }) => sum + part.decodedLength + madeBytesMax(part),
      0,
    )
    if (need > options.memoryBytesMax) {
      return cannot('too-large', 'larger than the memory for pictures')
    }
    const release = await gate.enter(need, signal)
    if (release === undefined) return cannot('not-in-time', 'no memory for pictures in time')
    const made = await adaptAll(request, parts, candidates, limits, signal).catch((error) => {
      release()
      throw error
    })
    if (!Array.isArray(made)) {
      release()
      return cannot(made.because, made.raw)
    }
    return adapted(request, parts, made, release)
  }

  /** Every picture in its turn, the smallest first: what it leaves is the next one's. */
  async function adaptAll(
    request: FitRequest,
    parts: readonly SentPart[],
    candidates: readonly Candidate[],
    limits: ContentLimits,
    signal: AbortSignal,
  ): Promise<Made[] | { readonly because: Unfit; readonly raw: string }> {
    const made: Made[] = []
    let room = roomFor(candidates, parts, limits)
    // One behind the end: an empty last part lies at the end itself.
    let offset = request.content.length + 1
    for (const [index, candidate] of candidates.entries()) {
      const share = shareOf(room, candidates.length - index)
      if (!candidate.changing && staysWithin(candidate, share)) {
        room = beside(room, candidate)
        continue
      }
      const bytesMax = Math.min(bytesWithin(share), madeBytesMax(candidate.part))
      const answer =
        bytesMax > 0
          ? await adaptOne(request, candidate, bytesMax, limits, signal)
          : failed('too-large', 'nothing is left for it')
      if (answer.kind === 'failed') {
        return { because: answer.because, raw: `${nameOf(candidate.part)}: ${answer.raw}` }
      }
      made.push(madeOf(candidate.part, answer, offset))
      offset += answer.bytes.length
      room = besideNew(room, answer.bytes.length)
    }
    return made
  }

  async function adaptOne(
    { open }: FitRequest,
    { part, into }: Candidate,
    bytesMax: number,
    limits: ContentLimits,
    signal: AbortSignal,
  ): Promise<PictureAnswer> {
    const bytes = await bytesOf(part, open)
    if (bytes === undefined) return failed('unreadable', 'its bytes cannot be decoded')
    const header = readPictureHeader(bytes)
    if (header.kind !== 'ok') return failed('unreadable', 'it is no picture')
    const { width, height } = header
    if (width * height > options.pixelsMax) {
      return failed('unreadable', `${width}×${height}: more pixels than are decoded`)
    }
    // What it is counts, not what it was called: a photograph named PNG is still a photograph.
    const targets = targetsOf(header.format, limits)
    const { pixelsMax } = options
    const frame = frameOf(limits)
    return pool.run(
      { bytes, into: targets.length === 0 ? into : targets, bytesMax, frame, pixelsMax },
      signal,
    )
  }

  return { fit, close: () => pool.close() }
}

/** What memory is kept for, beside the picture as it came. */
function madeBytesMax({ decodedLength }: Part): number {
  return Math.max(decodedLength, GROWN_BYTES_MAX)
}

function frameOf({ imageWidthMax: width, imageHeightMax: height }: ContentLimits) {
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) }
}

/** The parts with the sizes of their pictures, where a limit asks for them. */
async function measured(
  { content, open }: FitRequest,
  { imageWidthMax, imageHeightMax }: ContentLimits,
): Promise<readonly SentPart[]> {
  if (imageWidthMax === undefined && imageHeightMax === undefined) return content.parts
  return Promise.all(
    content.parts.map(async (part) => {
      if (formatOf(part.mediaType) === undefined) return part
      const picture = await sizeOf(part, open)
      return picture === undefined ? part : { ...part, picture }
    }),
  )
}

async function sizeOf(part: Part, open: FitRequest['open']) {
  const header = await headerOf(part, open)
  return header.kind === 'ok' ? { width: header.width, height: header.height } : undefined
}

/** New parts lie behind the old bytes, so that an offset says which bytes are meant. */
function madeOf(
  whole: SentPart,
  answer: Extract<PictureAnswer, { readonly kind: 'made' }>,
  offset: number,
): Made {
  const { bytes, format, from, to } = answer
  const { picture: _measured, ...old } = whole
  const mediaType = MEDIA_TYPES[format]
  const length = bytes.length
  const part: Part = {
    ...old,
    mediaType,
    contentType: retyped(old.contentType, mediaType),
    encoding: 'binary',
    offset,
    length,
    decodedLength: length,
  }
  const was = `${old.mediaType} ${old.decodedLength} bytes ${from.width}×${from.height}`
  const is = `${mediaType} ${length} bytes ${to.width}×${to.height}`
  return { old: whole, part, bytes, note: `${nameOf(old)}: ${was} → ${is}` }
}

/** The name stays, even where its ending no longer tells the type: presentations refer to it. */
function retyped(old: string, mediaType: string): string {
  const name = parseContentType(old)?.parameters.get('name')
  return printContentType(contentType(mediaType, name === undefined ? {} : { name }))
}

function nameOf({ fileName, contentLocation, contentId, mediaType }: Part): string {
  return fileName ?? contentLocation ?? contentId ?? mediaType
}

function untaken(parts: readonly SentPart[], limits: ContentLimits): string {
  const stuck = parts.filter((part) => excessOf([part], { mediaTypes: limits.mediaTypes }))
  return [...new Set(stuck.map(({ mediaType }) => mediaType))].join(', ')
}

/** The content with its new parts; asked for by their offsets, as connectors copy parts. */
function adapted(
  { content, open }: FitRequest,
  parts: readonly SentPart[],
  made: readonly Made[],
  release: () => void,
): Fit {
  const newBy = new Map(made.map((one) => [one.old, one.part]))
  const bytesAt = new Map(made.map(({ part, bytes }) => [part.offset, bytes]))
  const last = made.at(-1)?.part
  return {
    kind: 'adapted',
    content: {
      ...content,
      length: last === undefined ? content.length : last.offset + last.length,
      parts: content.parts.map((part, index) => newBy.get(parts[index]) ?? part),
    },
    notes: made.map(({ note }) => note),
    open(part) {
      const bytes = bytesAt.get(part.offset)
      return bytes === undefined ? open(part) : [bytes]
    },
    release() {
      bytesAt.clear()
      release()
    },
  }
}
