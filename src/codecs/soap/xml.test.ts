import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultXmlLimits, parseXml, textBelow } from './xml.ts'
import { decodeXmlText } from './xml-text.ts'
import { elementOf, escapeXml, textElement } from './xml-writer.ts'

function faultOf(document: string): string {
  const parsed = parseXml(document)
  return parsed.kind === 'fault' ? parsed.fault : 'none'
}

const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "&a;&a;">`).join('')}]><l>&a19;</l>`

const hostile: [string, string, string][] = [
  ['billion laughs', laughs, 'doctype-refused'],
  ['an external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', 'doctype-refused'],
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'doctype-refused',
  ],
  ['an unknown entity', '<a>&x;</a>', 'not-well-formed'],
  ['an entity named like a property', '<a>&constructor;&__proto__;</a>', 'not-well-formed'],
  ['a million references', `<a>${'&amp;'.repeat(1_000_000)}</a>`, 'too-many-bytes'],
  ['references up to the byte cap', `<a>${'&lt;'.repeat(60_000)}</a>`, 'text-too-long'],
  ['deep nesting', '<a>'.repeat(60_000), 'too-deep'],
  ['65 levels', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`, 'too-deep'],
  ['64 levels', `${'<a>'.repeat(64)}${'</a>'.repeat(64)}`, 'none'],
  [
    'ten thousand attributes',
    `<a ${Array.from({ length: 10_000 }, (_, i) => `x${i}="1"`).join(' ')}/>`,
    'too-many-attributes',
  ],
  ['ten thousand elements', `<a>${'<b/>'.repeat(10_000)}</a>`, 'too-many-elements'],
  ['a long text', `<a>${'x'.repeat(8_193)}</a>`, 'text-too-long'],
  ['a long text in pieces', `<a>${'x<!-- -->'.repeat(8_193)}</a>`, 'text-too-long'],
  ['a long CDATA section', `<a><![CDATA[${'x'.repeat(8_193)}]]></a>`, 'text-too-long'],
  ['a long attribute', `<a b="${'x'.repeat(8_193)}"/>`, 'text-too-long'],
  ['much white space', `<a>${' '.repeat(100_000)}</a>`, 'none'],
  ['an undeclared prefix', '<x:a/>', 'not-well-formed'],
  ['a prefix without a name', '<soap::Header/>', 'not-well-formed'],
  ['an attribute twice', '<a b="1" b="2"/>', 'not-well-formed'],
  ['two roots', '<a/><b/>', 'not-well-formed'],
  ['text after the root', '<a/>x', 'not-well-formed'],
  ['a tag not closed', '<a><b></a>', 'not-well-formed'],
  ['nothing closed', '<a>', 'not-well-formed'],
  ['a bare ampersand', '<a>Nice & <weather></a>', 'not-well-formed'],
  ['< in an attribute', '<a b="<"/>', 'not-well-formed'],
  ['an attribute without quotes', '<a b=1/>', 'not-well-formed'],
  ['a control character', '<a>\u0001</a>', 'not-well-formed'],
  ['a reference to a control character', '<a>&#1;</a>', 'not-well-formed'],
  [']]> in text', '<a>]]></a>', 'not-well-formed'],
  ['a line end inside a tag', '<\na/>', 'not-well-formed'],
  ['nothing', '', 'not-well-formed'],
  ['no XML', 'hello', 'not-well-formed'],
  ['a text that calls itself 1.1', '<?xml version="1.1"?><a/>', 'none'],
  ['an empty line before the declaration', '\r\n<?xml version="1.0"?><a/>', 'none'],
]

for (const [name, document, fault] of hostile) {
  test(`XML is judged at once: ${name}`, () => {
    const started = performance.now()
    assert.equal(faultOf(document), fault)
    assert.ok(performance.now() - started < 1_000)
  })
}

test('a tree keeps names, namespaces, attributes by local name and text', () => {
  const parsed = parseXml(
    '<p:a xmlns:p="urn:1" xmlns="urn:2"><b p:href="1" href="2" c="&#xe9;">x<![CDATA[<y>]]>&amp;</b> <p:d/></p:a>',
  )
  assert.ok(parsed.kind === 'ok')
  const [b, d] = parsed.root.children
  assert.deepEqual(
    [parsed.root.local, parsed.root.prefix, parsed.root.namespace, b?.namespace, d?.namespace],
    ['a', 'p', 'urn:1', 'urn:2', 'urn:1'],
  )
  assert.deepEqual(Object.fromEntries(b?.attributes ?? []), { href: '1', c: 'é' })
  assert.equal(b?.text, 'x<y>&')
  assert.equal(textBelow(parsed.root), ' x<y>&')
})

test('no text makes the parser throw', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '/',
    'a',
    ' ',
    '="',
    '"',
    '&',
    ';',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    'xmlns:a',
    ':',
    '\ud800',
    '<!DOCTYPE',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
      parseXml(list.join(''))
    }),
  )
})

test('the caps are the caller’s to lower', () => {
  const limits = { ...defaultXmlLimits, bytesMax: 10 }
  assert.deepEqual(parseXml('<a>1234567</a>', limits).kind, 'fault')
})

function utf16(text: string, mark: boolean, big: boolean): Buffer {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return big ? bytes.swap16() : bytes
}

const eucKr = Buffer.from([...Buffer.from('<a>'), 0xb0, 0xa1, ...Buffer.from('</a>')])
const latin1 = Buffer.from('<a>caf\xe9</a>', 'latin1')

const charsets: [string, Uint8Array, string | undefined, string][] = [
  ['UTF-8', Buffer.from('<a>é</a>'), undefined, '<a>é</a>'],
  ['a byte order mark', Buffer.from('\ufeff<a>é</a>'), 'iso-8859-1', '<a>é</a>'],
  [
    'UTF-8 that says utf-16',
    Buffer.from('<?xml version="1.0" encoding="utf-16"?><a>é</a>'),
    undefined,
    '<?xml version="1.0" encoding="utf-16"?><a>é</a>',
  ],
  ['UTF-8 in a part that says utf-16', Buffer.from('<a>é</a>'), 'utf-16', '<a>é</a>'],
  ['real UTF-16 with a mark', utf16('<a>é</a>', true, false), undefined, '<a>é</a>'],
  ['real UTF-16, the other way round', utf16('<a>é</a>', true, true), undefined, '<a>é</a>'],
  ['real UTF-16 without a mark', utf16('<a>é</a>', false, false), 'utf-16', '<a>é</a>'],
  ['Latin-1 by the part', latin1, 'ISO-8859-1', '<a>café</a>'],
  [
    'Latin-1 by the declaration',
    Buffer.concat([Buffer.from('<?xml version="1.0" encoding=\'iso-8859-1\'?>'), latin1]),
    undefined,
    '<?xml version="1.0" encoding=\'iso-8859-1\'?><a>café</a>',
  ],
  ['windows-1252', Buffer.from('<a>\x80</a>', 'latin1'), 'windows-1252', '<a>€</a>'],
  ['EUC-KR', eucKr, 'EUC-KR', '<a>가</a>'],
  ['Latin-1 that says nothing', latin1, undefined, 'bytes-not-in-charset'],
  ['Latin-1 that says UTF-8', latin1, 'utf-8', 'bytes-not-in-charset'],
  ['a charset nobody knows', latin1, 'x-none', 'charset-unknown'],
  ['a charset nobody knows over UTF-8', Buffer.from('<a/>'), 'x-none', '<a/>'],
]

for (const [name, bytes, charset, expected] of charsets) {
  test(`the charset of a document is found: ${name}`, () => {
    const decoded = decodeXmlText(bytes, charset)
    assert.equal(decoded.kind === 'ok' ? decoded.text : decoded.fault, expected)
  })
}

test('text is written in one node with only the five escaped', () => {
  assert.equal(
    textElement('a', '<&>"\'\u0000\r\né', { b: '"', c: undefined }),
    '<a b="&quot;">&lt;&amp;&gt;&quot;&apos;\né</a>',
  )
  assert.equal(elementOf('a', ''), '<a/>')
})

test('any text comes back from an element as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const parsed = parseXml(textElement('a', text))
      assert.ok(parsed.kind === 'ok')
      assert.equal(escapeXml(parsed.root.text), escapeXml(text))
    }),
  )
})
