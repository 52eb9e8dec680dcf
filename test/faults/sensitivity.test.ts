/**
 * A judge that finds nothing proves nothing. Each test here breaks one promise, by a line that lies
 * or by a gateway that is told what is not so, and the judge must name it within a few runs.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createVaspReader, writeAnswer } from '../../src/cli/vasp-reader.ts'
import { commandId } from '../../src/codecs/smpp/command.ts'
import { createFrameReader } from '../../src/codecs/smpp/frame-reader.ts'
import { reservePort } from '../support/gateway-process.ts'
import type { Suite } from './fault-runs.ts'
import { openHouse, type Ports, type Scene } from './house.ts'
import { openMm7Scene } from './mm7-scene.ts'
import { openSmppScene } from './smpp-scene.ts'

type JudgedScene = Scene & Awaited<ReturnType<Suite['openScene']>>

/** Runs in which a broken promise must show. */
const RUNS = 8
const FIRST_SEED = 4001

/** Runs a scene and says which promises were broken. */
async function brokenIn(
  t: TestContext,
  open: (ports: Ports) => Promise<JudgedScene>,
): Promise<string> {
  const ports = {
    httpPort: await reservePort(),
    smtpPort: await reservePort(),
    smppPort: await reservePort(),
  }
  const scene = await open(ports)
  const house = await openHouse({ ports, scene, killShare: 0 })
  t.after(() => house.close())
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) await house.run(seed)
  const { stories } = await house.finish(true)
  return scene.judge(stories).broken.join('\n')
}

test('a yes that the gateway never said is found: the message is lost', async (t) => {
  const broken = await brokenIn(t, async (ports) => {
    const scene = await openSmppScene(ports)
    let forged = 0
    scene.north.forge((request) => {
      const step = createFrameReader().read(request, 0)
      const submits = step.kind === 'frame' && step.bytes.readUInt32BE(4) === commandId('submit_sm')
      if (!submits || forged > 0) return undefined
      forged += 1
      return yesTo(step.bytes)
    })
    return scene
  })
  assert.match(broken, /promised and lost/)
})

/** A submit_sm_resp with an id that nobody gave. */
function yesTo(request: Buffer): Buffer {
  const id = Buffer.from('179500000000000000\0')
  const pdu = Buffer.alloc(16)
  pdu.writeUInt32BE(pdu.length + id.length, 0)
  pdu.writeUInt32BE(commandId('submit_sm_resp'), 4)
  request.copy(pdu, 12, 12, 16)
  return Buffer.concat([pdu, id])
}

test('a report that somebody else took is found: the end was never told', async (t) => {
  const broken = await brokenIn(t, async (ports) => {
    const scene = await openMm7Scene(ports)
    let forged = 0
    scene.callback.forge((request) => {
      if (forged > 0 || !request.includes('Retrieved')) return undefined
      forged += 1
      return yesToReport(request)
    })
    return scene
  })
  assert.match(broken, /0 ends were told/)
})

function yesToReport(request: Buffer): Buffer {
  const at = request.indexOf('\r\n\r\n')
  const type = /content-type: ([^\r]*)/i.exec(request.toString('latin1', 0, at))?.[1]
  const reader = createVaspReader(type ?? '')
  reader.push(request.subarray(at + 4))
  const body = Buffer.from(writeAnswer(reader.end(), 1000))
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

test('a request that went out once and came twice is found', async (t) => {
  const broken = await brokenIn(t, (ports) => openMm7Scene(ports, { replaysAreHidden: true }))
  assert.match(broken, /went out [0-9]+ times in [0-9]+/)
})

test('a carrier that is taken for one that drops doubles gets them, and it is found', async (t) => {
  const broken = await brokenIn(t, (ports) => openMm7Scene(ports, { everyoneDropsDoubles: true }))
  assert.match(broken, /was sent [0-9]+ times and may have been there after the first/)
})

test('a repeated request that is taken for a new one is found: two messages for one', async (t) => {
  const broken = await brokenIn(t, (ports) => openSmppScene(ports, { namesAreIgnored: true }))
  assert.match(broken, /accepted [0-9]+ times, said 1 times/)
})
