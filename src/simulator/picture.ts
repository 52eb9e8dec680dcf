/**
 * The picture a simulated handset answers with: a bell, drawn here so that nobody's photograph has
 * to travel. A PNG (RFC 2083) of palette pixels.
 */
import { crc32, deflateSync } from 'node:zlib'

const SIZE = 64
/** Night blue, bell gold, shadow, white. */
const PALETTE = [0x14, 0x21, 0x3d, 0xfc, 0xa3, 0x11, 0xb8, 0x72, 0x05, 0xff, 0xff, 0xff]

/** Draws the bell. The same bytes every time. */
export function drawBell(): Uint8Array {
  const rows = Buffer.alloc(SIZE * (SIZE + 1))
  for (let y = 0; y < SIZE; y += 1) {
    // Each row begins with its filter type: none.
    for (let x = 0; x < SIZE; x += 1) rows[y * (SIZE + 1) + 1 + x] = colourAt(x, y)
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header()),
    chunk('PLTE', Buffer.from(PALETTE)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Palette index of one pixel: body, rim, clapper and a gleam, by their equations. */
function colourAt(x: number, y: number): number {
  const dx = x - SIZE / 2 + 0.5
  const clapper = dx * dx + (y - 53) * (y - 53) <= 16
  if (clapper) return 2
  if (y >= 44 && y <= 48 && Math.abs(dx) <= 24) return 2
  const halfWidth =
    y < 14 ? 0 : y < 24 ? Math.sqrt(144 - (24 - y) ** 2) : 12 + ((y - 24) / 20) ** 2 * 9
  if (y >= 12 && y < 44 && Math.abs(dx) <= halfWidth) {
    return dx < -halfWidth + 5 && dx > -halfWidth + 2 && y > 18 ? 3 : 1
  }
  return y >= 8 && y < 13 && Math.abs(dx) <= 3 ? 2 : 0
}

function header(): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(SIZE, 0)
  bytes.writeUInt32BE(SIZE, 4)
  // 8 bits a pixel, palette colour, standard compression, filter and no interlace.
  bytes.set([8, 3, 0, 0, 0], 8)
  return bytes
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(typed), 4)
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)])
}
