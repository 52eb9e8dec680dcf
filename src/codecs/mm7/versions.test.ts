import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  forgiveNamespace,
  hasTypedAddresses,
  isMm7Namespace,
  isVersionForm,
  MM7_NAMESPACES,
  MM7_VERSIONS,
  NAMESPACE_BASE,
  namespaceFor,
} from './versions.ts'

test('every version has a namespace that exists', () => {
  for (const version of MM7_VERSIONS) assert.ok(isMm7Namespace(namespaceFor(version)), version)
  assert.equal(namespaceFor('6.8.0'), `${NAMESPACE_BASE}REL-6-MM7-1-4`)
  assert.equal(namespaceFor('5.3.0'), `${NAMESPACE_BASE}REL-5-MM7-1-0`)
  assert.ok(MM7_NAMESPACES.includes(namespaceFor('nonsense')))
})

const forgiven: [string, string, string | undefined][] = [
  ['exact', `${NAMESPACE_BASE}REL-6-MM7-1-4`, 'REL-6-MM7-1-4'],
  ['a line break inside', `${NAMESPACE_BASE}REL-6-\n   MM7-1-4`, 'REL-6-MM7-1-4'],
  ['.xsd at the end', `${NAMESPACE_BASE}REL-5-MM7-1-2.xsd`, 'REL-5-MM7-1-2'],
  ['https', `${NAMESPACE_BASE.replace('http:', 'https:')}REL-5-MM7-1-2`, 'REL-5-MM7-1-2'],
  ['another tail', `${NAMESPACE_BASE}REL-9-MM7-1-2`, undefined],
  ['nothing', '', undefined],
]

for (const [name, namespace, tail] of forgiven) {
  test(`a namespace that was meant is known: ${name}`, () => {
    const expected = tail === undefined ? undefined : NAMESPACE_BASE + tail
    assert.equal(forgiveNamespace(namespace), expected)
  })
}

test('versions have three numbers, and addresses are typed from 5.3.0 on', () => {
  const forms = ['6.8.0', '5.10.0', '6.8', 'REL-6-MM7-6-7', '', '6.8.0.1']
  assert.deepEqual(forms.map(isVersionForm), [true, true, false, false, false, false])
  const versions = ['5.1.0', '5.2.0', '5.3.0', '5.10.0', '6.3.0']
  assert.deepEqual(versions.map(hasTypedAddresses), [false, false, true, true, true])
})
