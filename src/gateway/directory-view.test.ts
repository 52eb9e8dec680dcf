import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Block,
  blockKey,
  type DirectoryData,
  findBlock,
  indexDirectory,
  ledgerOf,
} from '../core/directory.ts'
import { createDirectoryView, type Overlay } from './directory-view.ts'

const NOTHING: DirectoryData = { accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }
const block = (number: string): Block => ({ number, because: 'test' })
const address = (text: string) => ({ kind: 'number', text }) as const
const OVERLAY: Overlay = {
  directory: { ...NOTHING, blocks: [block('15550001'), block('15550002')] },
  playMm4: (peer) => peer,
  playMm7: (upstream) => upstream,
  playSmpp: (peer) => peer,
}
const WITH_SECRET: DirectoryData['accounts'] = [
  {
    id: 'acme',
    name: 'Acme',
    dialect: 'plain',
    enabled: true,
    services: [],
    limits: { callsPerSecond: 1, callsBurst: 1, contentBytesMax: 1 },
    carrierIdRequired: false,
    carrierLookup: false,
    presentationRequired: false,
    mm7: {
      enabled: true,
      vaspIdHash: '',
      allowAddresses: [],
      replyType: 'text/xml',
      callbackBasic: { user: 'acme', password: 'env:ACME' },
      reports: true,
      verboseReports: false,
      blankAnswerAccepted: false,
      passThrough: false,
      passThroughWaitMs: 1000,
    },
  },
]

// biome-ignore format: a table
const views: readonly (readonly [string, Overlay | undefined, DirectoryData])[] = [
  ['as it is stored', undefined, NOTHING],
  ['with secrets read into it', undefined, { ...NOTHING, accounts: WITH_SECRET }],
  ['with the sandbox laid over it', OVERLAY, NOTHING],
]

for (const [what, overlay, data] of views) {
  test(`an opt-out counts at once in a directory ${what}`, () => {
    const ledger = ledgerOf([block('15550002')])
    const stored = indexDirectory(data, ledger)
    const view = createDirectoryView({ env: { ACME: 'secret' } }, overlay, () => {})(stored)
    assert.equal(findBlock(view, address('15550009'), 'acme'), undefined)
    const later = block('15550009')
    ledger.set(blockKey(later), later)
    assert.equal(findBlock(view, address('15550009'), 'acme'), later)
    const expected = overlay === undefined ? 2 : 3
    assert.equal(view.blocks.length, expected, 'each once')
    ledger.delete(blockKey(later))
    assert.equal(findBlock(view, address('15550009'), 'acme'), undefined)
  })
}
