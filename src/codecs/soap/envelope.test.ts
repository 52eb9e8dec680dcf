import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  entriesToUnderstand,
  readEnvelope,
  SOAP_NAMESPACE,
  writeEnvelope,
  writeFault,
} from './envelope.ts'
import { parseXml, type XmlElement } from './xml.ts'

function parse(document: string): XmlElement {
  const parsed = parseXml(document)
  assert.ok(parsed.kind === 'ok')
  return parsed.root
}

function envelope(inside: string) {
  return readEnvelope(parse(`<s:Envelope xmlns:s="${SOAP_NAMESPACE}">${inside}</s:Envelope>`))
}

const id = '<TransactionID>\n 1 \n</TransactionID>'
const body = '<s:Body><a/></s:Body>'

const headers: [string, string, string | undefined, string | undefined][] = [
  ['sound', `<s:Header>${id}</s:Header>`, undefined, '1'],
  ['absent', '', 'header-absent', undefined],
  ['empty', '<s:Header/>', 'header-empty', undefined],
  ['repeated', `<s:Header>${id}</s:Header><s:Header>${id}</s:Header>`, 'header-repeated', '1'],
  ['without the id', '<s:Header><x/></s:Header>', 'transaction-id-absent', undefined],
  ['with two ids', `<s:Header>${id}${id}</s:Header>`, 'transaction-id-repeated', '1'],
  [
    'with an empty id',
    '<s:Header><TransactionID> </TransactionID></s:Header>',
    'transaction-id-empty',
    undefined,
  ],
  ['with another entry', `<s:Header>${id}<x/></s:Header>`, 'header-entry-foreign', '1'],
]

for (const [name, header, problem, transactionId] of headers) {
  test(`the header of an envelope is judged: ${name}`, () => {
    const read = envelope(header + body)
    assert.deepEqual([read?.headerProblem, read?.transactionId], [problem, transactionId])
  })
}

const bodies: [string, string, string | undefined][] = [
  ['sound', body, undefined],
  ['absent', '', 'body-absent'],
  ['empty', '<s:Body> </s:Body>', 'body-empty'],
  ['repeated', body + body, 'body-repeated'],
  ['with two children', '<s:Body><a/><b/></s:Body>', 'body-several-children'],
]

for (const [name, markup, problem] of bodies) {
  test(`the body of an envelope is judged: ${name}`, () => {
    assert.equal(envelope(markup)?.bodyProblem, problem)
  })
}

test('a root of another name is no envelope', () => {
  assert.equal(readEnvelope(parse('<a/>')), undefined)
})

test('a fault is read with its children qualified or not', () => {
  for (const p of ['', 's:']) {
    const read = envelope(
      `<s:Body><s:Fault><${p}faultcode>s:Client</${p}faultcode><${p}faultstring>no</${p}faultstring><${p}detail><x/></${p}detail></s:Fault></s:Body>`,
    )
    assert.equal(read?.fault?.faultCode, 's:Client')
    assert.equal(read?.fault?.faultString, 'no')
    assert.equal(read?.fault?.detail[0]?.local, 'x')
  }
})

test('header entries that must be understood are named', () => {
  const root = parse(
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}"><s:Header><TransactionID s:mustUnderstand="1">1</TransactionID><x/><y s:mustUnderstand="1"/></s:Header></s:Envelope>`,
  )
  assert.deepEqual(entriesToUnderstand(root), ['y'])
})

test('an envelope that was written is read back, and one without an id has an empty header', () => {
  const written = writeEnvelope({ transactionId: 'a<b', namespace: 'urn:x' }, '<op/>')
  const read = readEnvelope(parse(written))
  assert.equal(read?.transactionId, 'a<b')
  assert.equal(read?.bodyChildren[0]?.local, 'op')
  const without = writeEnvelope({ transactionId: undefined, namespace: 'urn:x' }, '')
  assert.match(without, /<soap-env:Header\/>/)
})

test('a fault is written with children in no namespace', () => {
  const root = parse(
    writeEnvelope(
      { transactionId: '1', namespace: 'urn:x', soapPrefix: 'env' },
      writeFault('Server', 'no', '<d xmlns="urn:x"/>', 'env'),
    ),
  )
  const fault = root.children[1]?.children[0]
  assert.equal(fault?.namespace, SOAP_NAMESPACE)
  assert.deepEqual(
    fault?.children.map((child) => [child.local, child.namespace, child.text]),
    [
      ['faultcode', '', 'env:Server'],
      ['faultstring', '', 'no'],
      ['detail', '', ''],
    ],
  )
})
