/** How V8 is to spend memory on the gateway: one setting, made by whoever runs it as a process. */
import { setFlagsFromString } from 'node:v8'

/**
 * By how much the heap may grow between two collections of all of it, in percent of what lives.
 *
 * V8 counts the buffers that mails come in as old objects, and what lives here is small (some 18
 * MB): left alone it walks the whole heap for each 20 MB of mail, several times a second. At 200 a
 * mail of 100 KB costs about a tenth less CPU and the peak of memory is some 10 MB higher; at 300
 * little more is gained, and what an upload holds comes near its bound (bench/PROFILE.md).
 */
const GROWTH_PERCENT = 200

/** To be called before the heap has grown. A V8 that does not know the setting goes on as it was. */
export function takeBigHeapSteps(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
