/**
 * A disk that fills up for real: a small one, in a namespace of the gateway's own. The reserve
 * refuses before it is full, what was taken keeps moving, and with room again all goes on by itself.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openSmtpPool } from '../../src/transports/smtp/pool.ts'
import { CARRIER_DOMAIN, openCrashCarrier } from '../support/crash-carrier.ts'
import { requestOf } from '../support/crash-client.ts'
import { CLIENT_SENDER, crashDirectory } from '../support/crash-directory.ts'
import { openCrashVasp } from '../support/crash-vasp.ts'
import { askAdmin, type Ready, reservePort, startGateway } from '../support/gateway-process.ts'
import { exchange } from '../support/mm7-client.ts'

const DISK_BYTES = 24 * 1024 * 1024
const RESERVE_BYTES = 8 * 1024 * 1024
/** Messages kept before the disk fills. */
const BEFORE = 20
const WAIT_MS_MAX = 20_000

/** Why no disk of our own can be mounted, or `undefined`. */
function whyNoDisk(): string | undefined {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'this user may not mount a disk of its own (unshare -rm)'
  }
}

const noDisk = process.platform === 'linux' ? whyNoDisk() : 'there is no unshare'

async function until(what: string, happened: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WAIT_MS_MAX; !(await happened()); await pause(50)) {
    assert.ok(Date.now() < end, `${what}: never came`)
  }
}

/** Sends one message; the code it was answered with. */
async function send({ addresses }: Ready, serial: number): Promise<string> {
  const parts = [{ contentType: 'image/jpeg', contentId: 'photo', body: [Buffer.alloc(100_000)] }]
  const number = `1555${String(serial).padStart(7, '0')}`
  const answer = await exchange(addresses.http.port, requestOf(`full-${serial}`, number, parts))
  return answer.code
}

/** What the MM4 door says to a carrier that wants to hand a message over. */
async function askMm4(port: number): Promise<string> {
  const pool = openSmtpPool({ host: '127.0.0.1', port, helloName: CARRIER_DOMAIN })
  const result = await pool.send({
    from: `+16660000001/TYPE=PLMN@${CARRIER_DOMAIN}`,
    to: [`${CLIENT_SENDER}/TYPE=PLMN@carillon.localhost`],
    data: [Buffer.from('Subject: hello\r\n\r\nnothing\r\n')],
    // Small mails may be reports, which still have room.
    sizeBytes: 1_000_000,
  })
  await pool.close()
  return result.kind === 'refused' ? result.reply.raw : result.kind
}

test('a disk that fills up is refused on both doors in time, and forgiven when there is room', {
  skip: noDisk ?? false,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-full-'))
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const vasp = await openCrashVasp()
  vasp.behave()
  const carrier = await openCrashCarrier(() => ({
    response: 'Ok',
    responseAfterMs: 1,
    reports: [{ status: 'Retrieved', afterMs: 1500 }],
  }))
  const smtpPort = await reservePort()
  const mount = `mount -t tmpfs -o size=${DISK_BYTES} none "$0" && exec "$@"`
  const gateway = startGateway({
    data: join(disk, 'data'),
    smtpPort,
    set: [`store.diskReserveBytes=${RESERVE_BYTES}`, 'store.diskReserveShare=0.9'],
    under: ['unshare', '-rm', 'sh', '-c', mount, disk],
  })
  try {
    const ready = await gateway.ready
    // The disk is only there for those inside; the kernel shows it to us through the process.
    const inside = join('/proc', String(ready.pid), 'root', disk)
    const data = join(inside, 'data')
    await askAdmin(data, ready, '/admin/directory', crashDirectory(carrier.port, vasp.url))
    carrier.connect({ port: smtpPort, domain: 'carillon.localhost' })
    for (let serial = 1; serial <= BEFORE; serial += 1) {
      assert.equal(await send(ready, serial), '1000')
    }

    // Something else on the machine takes the room: less than the reserve is left.
    const ballast = join(inside, 'ballast')
    await writeFile(ballast, Buffer.alloc(DISK_BYTES - RESERVE_BYTES - 4 * 1024 * 1024))
    let serial = BEFORE
    const sendAnother = () => {
      serial += 1
      return send(ready, serial)
    }
    await until('a refusal', async () => (await sendAnother()) === '3000')
    assert.match(await askMm4(smtpPort), /452.4\.3\.1/)
    const told = () => new Set(vasp.reports.map(({ messageId }) => messageId)).size
    const taken = serial - 1
    await until('reports about what was taken before', () => told() >= taken)

    await rm(ballast)
    await until('room again', async () => (await sendAnother()) === '1000')
    await until('its report', () => told() > taken)
    t.diagnostic(`taken ${taken}, refused at ${RESERVE_BYTES} bytes, taken again by itself`)
    assert.deepEqual(await gateway.stop(), { code: 0, signal: null }, gateway.said())
  } finally {
    await gateway.kill()
    await vasp.close()
    await carrier.close()
    await rm(folder, { recursive: true, force: true })
  }
})
