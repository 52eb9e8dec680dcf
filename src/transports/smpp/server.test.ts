import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createDataSm,
  createDeliverSm,
  createPlain,
  createResponse,
  createSubmitSm,
} from '../../codecs/smpp/create-body.ts'
import type { SmppBody } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import type { SmppAnswer } from './handler.ts'
import { openWorld, yes } from './testing/open-world.ts'
import { bindBody, bytesOf, openRawClient } from './testing/raw-peer.ts'

const destination = { ton: 1, npi: 1, addr: '15550100123' }
const SUBMIT = createSubmitSm({ destination, shortMessage: Buffer.from('hello') })
const DELIVER = createDeliverSm({ destination })

test('a client binds, submits and gets the id of its message', async (t) => {
  const world = await openWorld(t)
  const peer = await openRawClient(world.port)
  t.after(() => peer.socket.destroy())
  peer.send(bindBody(), 7)
  const { body, sequenceNumber, commandStatus } = await peer.next()
  assert.deepEqual(
    { body, sequenceNumber, commandStatus },
    {
      body: {
        command: 'bind_transceiver_resp',
        systemId: 'carillon',
        tlvs: { scInterfaceVersion: 0x34 },
      },
      sequenceNumber: 7,
      commandStatus: 0,
    },
  )
  peer.send(SUBMIT, 8)
  assert.deepEqual((await peer.next()).body, {
    command: 'submit_sm_resp',
    messageId: 'm1',
    tlvs: NO_TLVS,
  })
  const [session] = world.bound
  assert.equal(session?.systemId, 'client')
  assert.equal(session?.boundAs, 'transceiver')
  assert.equal(session?.peerVersion, 0x34)
  assert.equal(session?.peer.address, '127.0.0.1')
})

test('a client of SMPP 3.3 is told nothing in TLVs, one of 5.0 is let in', async (t) => {
  const { port } = await openWorld(t)
  for (const [interfaceVersion, tlvs] of [
    [0x33, {}],
    [0x50, { scInterfaceVersion: 0x34 }],
  ] as const) {
    const peer = await openRawClient(port)
    t.after(() => peer.socket.destroy())
    peer.send(bindBody('bind_transceiver', { interfaceVersion }), 1)
    assert.deepEqual((await peer.next()).body.tlvs, tlvs)
  }
})

test('frames are understood wherever they are split', async (t) => {
  const world = await openWorld(t)
  const stream = Buffer.concat([
    bytesOf(bindBody(), 1),
    bytesOf(createPlain('enquire_link'), 2),
    bytesOf(createPlain('enquire_link'), 3),
  ])
  const peer = await openRawClient(world.port)
  t.after(() => peer.socket.destroy())
  for (const byte of stream) {
    peer.write(Buffer.of(byte))
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(await peer.said(), 'bind_transceiver_resp:1:ESME_ROK')
  assert.equal(await peer.said(), 'enquire_link_resp:2:ESME_ROK')
  assert.equal(await peer.said(), 'enquire_link_resp:3:ESME_ROK')
})

test('answers leave as soon as they are known, in whatever order', async (t) => {
  const answers: ((answer: SmppAnswer) => void)[] = []
  const world = await openWorld(
    t,
    {},
    { request: () => new Promise((resolve) => answers.push(resolve)) },
  )
  const peer = await world.client()
  peer.send(SUBMIT, 2)
  peer.send(SUBMIT, 3)
  peer.send(createPlain('enquire_link'), 4)
  assert.equal(await peer.said(), 'enquire_link_resp:4:ESME_ROK')
  answers[1]?.(yes(SUBMIT))
  assert.equal(await peer.said(), 'submit_sm_resp:3:ESME_ROK')
  answers[0]?.({ commandStatus: 0x14 })
  assert.equal(await peer.said(), 'submit_sm_resp:2:ESME_RMSGQFUL')
})

/** What is sent after binding so, and the answer. */
const OUT_OF_PLACE: readonly (readonly [
  bound: 'bind_transmitter' | 'bind_receiver' | 'bind_transceiver' | undefined,
  body: SmppBody,
  answer: string,
])[] = [
  [undefined, SUBMIT, 'submit_sm_resp:2:ESME_RINVBNDSTS'],
  [undefined, createPlain('unbind'), 'unbind_resp:2:ESME_RINVBNDSTS'],
  [undefined, createPlain('enquire_link'), 'enquire_link_resp:2:ESME_ROK'],
  ['bind_receiver', SUBMIT, 'submit_sm_resp:2:ESME_RINVBNDSTS'],
  ['bind_receiver', createDataSm({ destination }), 'data_sm_resp:2:ESME_RINVBNDSTS'],
  ['bind_transmitter', createDataSm({ destination }), 'data_sm_resp:2:ESME_ROK'],
  ['bind_transceiver', DELIVER, 'deliver_sm_resp:2:ESME_RINVBNDSTS'],
  ['bind_transceiver', bindBody(), 'bind_transceiver_resp:2:ESME_RALYBND'],
  [
    'bind_transceiver',
    { command: 'outbind', systemId: 'a', password: 'b', tlvs: NO_TLVS },
    'generic_nack:2:ESME_RINVBNDSTS',
  ],
]

for (const [bound, body, answer] of OUT_OF_PLACE) {
  test(`${body.command} after ${bound ?? 'no bind'} is answered ${answer}`, async (t) => {
    const world = await openWorld(t)
    const peer = bound === undefined ? await openRawClient(world.port) : await world.client(bound)
    t.after(() => peer.socket.destroy())
    peer.send(body, 2)
    assert.equal(await peer.said(), answer)
  })
}

test('a refused bind may be tried again, but not for ever', async (t) => {
  const world = await openWorld(
    t,
    { limits: { bindFailuresMax: 2 } },
    { bind: async () => ({ commandStatus: 0x0e }) },
  )
  const peer = await openRawClient(world.port)
  peer.send(bindBody(), 1)
  assert.equal(await peer.said(), 'bind_transceiver_resp:1:ESME_RINVPASWD')
  peer.send(bindBody(), 2)
  assert.deepEqual(await peer.untilClosed(), ['bind_transceiver_resp:2:ESME_RINVPASWD'])
  assert.equal(world.bound.length, 0)
})

const FAILING: readonly (readonly [
  name: string,
  request: () => SmppAnswer | Promise<SmppAnswer>,
])[] = [
  [
    'throws',
    () => {
      throw new Error('broken')
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
  ['answers something else', () => ({ commandStatus: 0, response: createResponse('query_sm') })],
  [
    'gives an id too long',
    () => ({
      commandStatus: 0,
      response: { command: 'submit_sm_resp', messageId: 'x'.repeat(65), tlvs: NO_TLVS },
    }),
  ],
]

for (const [name, request] of FAILING) {
  test(`a handler that ${name} is answered for with ESME_RSYSERR`, async (t) => {
    const world = await openWorld(t, {}, { request })
    const peer = await world.client()
    peer.send(SUBMIT, 2)
    assert.equal(await peer.said(), 'submit_sm_resp:2:ESME_RSYSERR')
    assert.equal(world.problems[0]?.kind, 'handler-failed')
    assert.equal(world.bound[0]?.answering, 0)
  })
}

test('a bind handler that throws lets nobody in', async (t) => {
  const bind = () => {
    throw new Error('broken')
  }
  const world = await openWorld(t, {}, { bind })
  const peer = await openRawClient(world.port)
  t.after(() => peer.socket.destroy())
  peer.send(bindBody(), 1)
  assert.equal(await peer.said(), 'bind_transceiver_resp:1:ESME_RSYSERR')
})

test('silence leaves the request unanswered and the window free', async (t) => {
  const world = await openWorld(t, {}, { request: () => 'silence' })
  const peer = await world.client()
  peer.send(SUBMIT, 2)
  peer.send(createPlain('enquire_link'), 3)
  assert.equal(await peer.said(), 'enquire_link_resp:3:ESME_ROK')
  assert.equal(world.bound[0]?.answering, 0)
})

test('what is no PDU in form is answered, and the session goes on', async (t) => {
  const world = await openWorld(t)
  const peer = await world.client()
  peer.write(Buffer.from('00000010000001110000000000000002', 'hex'))
  assert.equal(await peer.said(), 'generic_nack:2:ESME_RINVCMDID')
  peer.write(Buffer.from('00000010000000040000000000000003', 'hex'))
  assert.equal(await peer.said(), 'submit_sm_resp:3:ESME_RINVCMDLEN')
  peer.write(Buffer.from('00000010000001020000000000000004', 'hex'))
  assert.equal(await peer.said(), 'generic_nack:4:ESME_RINVCMDLEN')
  peer.send(SUBMIT, 5)
  assert.equal(await peer.said(), 'submit_sm_resp:5:ESME_ROK')
  assert.deepEqual(
    world.problems.map(({ kind }) => kind),
    ['broken-pdu', 'broken-pdu', 'broken-pdu'],
  )
})

test('a peer that sends nothing but broken PDUs is left', async (t) => {
  const world = await openWorld(t, { limits: { faultsMax: 3 } })
  const peer = await world.client()
  for (let count = 0; count < 4; count++) {
    peer.write(Buffer.from('00000010000077770000000000000002', 'hex'))
  }
  assert.equal((await peer.untilClosed()).length, 4)
  assert.equal((await world.ended()).because, 'too-many-faults')
})

test('HTTP on this port is closed without a word', async (t) => {
  const world = await openWorld(t)
  const peer = await openRawClient(world.port)
  let heard = 0
  peer.socket.on('data', () => heard++)
  peer.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await peer.untilClosed()
  assert.equal(heard, 0)
  assert.equal(world.problems[0]?.kind, 'not-smpp')
})

test('a length that is none ends a session that was bound, with a word', async (t) => {
  const world = await openWorld(t)
  for (const length of ['0000000f', '00000000', 'ffffffff']) {
    const peer = await world.client()
    peer.write(Buffer.from(`${length}0000000400000000`, 'hex'))
    assert.deepEqual(await peer.untilClosed(), ['generic_nack:0:ESME_RINVCMDLEN'])
    assert.equal((await world.ended()).because, 'not-smpp')
  }
})
