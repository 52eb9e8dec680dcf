import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  contentType,
  parseContentType,
  parseParameterised,
  printContentType,
} from './content-type.ts'

type Reading = [string, string, string | undefined, Record<string, string>?]

const readings: Reading[] = [
  ['a bare type', 'text/xml', 'text/xml', {}],
  ['capitals', 'Text/XML; Charset=UTF-8', 'text/xml', { charset: 'UTF-8' }],
  [
    'a quoted boundary with =',
    'multipart/related; boundary="==x=="',
    'multipart/related',
    { boundary: '==x==' },
  ],
  [
    'an unquoted boundary with =',
    'multipart/mixed; boundary=----=_Part_1.2',
    'multipart/mixed',
    { boundary: '----=_Part_1.2' },
  ],
  [
    'a tab before a parameter',
    'multipart/mixed;\tboundary=a',
    'multipart/mixed',
    { boundary: 'a' },
  ],
  [
    'a semicolon inside quotes',
    'text/plain; name="a;b"; charset=x',
    'text/plain',
    { name: 'a;b', charset: 'x' },
  ],
  ['an escaped quote', 'text/plain; name="a\\"b\\\\"', 'text/plain', { name: 'a"b\\' }],
  ['the first of two wins', 'a/b; type="x"; type="y"', 'a/b', { type: 'x' }],
  ['empty parameters', 'text/plain; ; charset=utf-8; ', 'text/plain', { charset: 'utf-8' }],
  [
    'a parameter without value',
    'text/plain; flowed; charset=utf-8',
    'text/plain',
    { charset: 'utf-8' },
  ],
  [
    'blanks round the equals sign',
    'text/plain; charset = "utf-8" ',
    'text/plain',
    { charset: 'utf-8' },
  ],
  ['RFC 2231', "image/png; name*=utf-8'en'caf%C3%A9.png", 'image/png', { name: 'café.png' }],
  ['RFC 2231 in Latin-1', "image/png; name*=iso-8859-1''caf%E9", 'image/png', { name: 'café' }],
  [
    'RFC 2231 in sections',
    "a/b; name*1=def; name*0*=utf-8''%41bc; name=old",
    'a/b',
    { name: 'Abcdef' },
  ],
  [
    'a name with a blank, unquoted',
    'image/gif; Name=my cat.gif',
    'image/gif',
    { name: 'my cat.gif' },
  ],
  ['no slash', 'text', undefined],
  ['nothing', '', undefined],
  ['no subtype', 'text/', undefined],
  ['a blank in the type', 'te xt/plain', undefined],
  ['a quote that never ends', 'text/plain; charset="utf-8', undefined],
]

for (const [name, value, mediaType, parameters] of readings) {
  test(`Content-Type is read: ${name}`, () => {
    const parsed = parseContentType(value)
    assert.equal(parsed?.mediaType, mediaType)
    if (parsed !== undefined) assert.deepEqual(Object.fromEntries(parsed.parameters), parameters)
  })
}

test('Content-Disposition has the same form', () => {
  const parsed = parseParameterised('attachment; filename="a b.jpg"')
  assert.equal(parsed?.value, 'attachment')
  assert.equal(parsed?.parameters.get('filename'), 'a b.jpg')
})

test('a content type cannot be made to hold a line end', () => {
  const printed = printContentType(contentType('text/plain', { name: 'a\r\nBcc: x' }))
  assert.equal(printed, 'text/plain; name="a  Bcc: x"')
})

test('any parameter value comes back as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the codec drops control characters
      const clean = value.replace(/[\x00-\x1f\x7f]/g, ' ')
      const printed = printContentType(contentType('Text/Plain', { name: value, charset: 'x' }))
      const parsed = parseContentType(printed)
      assert.equal(parsed?.mediaType, 'text/plain')
      assert.equal(parsed?.parameters.get('name'), Buffer.from(clean).toString())
      assert.equal(parsed?.parameters.get('charset'), 'x')
    }),
  )
})

test('no value makes the Content-Type reader throw', () => {
  const pieces = fc.constantFrom(
    'a/b',
    ';',
    '=',
    '"',
    '\\',
    '*',
    '0',
    "utf-8''",
    '%',
    '%4',
    ' ',
    'x',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
      parseContentType(list.join(''))
    }),
  )
})
