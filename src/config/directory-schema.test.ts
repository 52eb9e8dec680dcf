/** The file's schema and the core's types say the same where they mean the same: checked by tsc. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Carrier, Mm4Peer, Mm7Upstream } from '../core/carrier.ts'
import type {
  Account,
  AccountLimits,
  Block,
  Mm4Access,
  Mm7Access,
  OwnNumber,
  Service,
  SmppAccess,
} from '../core/directory.ts'
import type { RouteRule } from '../core/route.ts'
import type { SmppPeer } from '../core/smpp-peer.ts'
import { CONFIG_SCHEMA } from './config-schema.ts'
import {
  type ACCOUNT_LIMITS_SCHEMA,
  type AccountInput,
  type BLOCK_SCHEMA,
  type CarrierInput,
  DIRECTORY_SCHEMA,
  type OWN_NUMBER_SCHEMA,
  type ROUTE_SCHEMA,
  type SERVICE_SCHEMA,
} from './directory-schema.ts'
import { type AnySchema, isTable, type ValueOf } from './option-schema.ts'
import { checkValue } from './schema-check.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Flattens intersections, which `Equal` tells apart from their sum. */
type Flat<T> = { [K in keyof T]: T[K] }

type Mm7Input = NonNullable<AccountInput['mm7']>
type Mm4Input = NonNullable<CarrierInput['mm4']>
type UpstreamInput = NonNullable<CarrierInput['mm7']>

/** Does not compile when a field is missing, named otherwise or of another type on either side. */
const SAME: {
  service: Equal<ValueOf<typeof SERVICE_SCHEMA>, Flat<Service>>
  limits: Equal<ValueOf<typeof ACCOUNT_LIMITS_SCHEMA>, Flat<AccountLimits>>
  number: Equal<ValueOf<typeof OWN_NUMBER_SCHEMA>, Flat<OwnNumber>>
  route: Equal<ValueOf<typeof ROUTE_SCHEMA>, Flat<RouteRule>>
  block: Equal<ValueOf<typeof BLOCK_SCHEMA>, Flat<Block>>
  mm7: Equal<
    Flat<Omit<Mm7Input, 'vaspId' | 'vaspIdHash' | 'basic'>>,
    Flat<Omit<Mm7Access, 'vaspIdHash' | 'basic'>>
  >
  mm4: Equal<Flat<Omit<Mm4Input, 'peerAuth'>>, Flat<Omit<Mm4Peer, 'peerAuth'>>>
  mm4Access: Equal<
    Flat<Omit<NonNullable<AccountInput['mm4']>, 'peerAuth'>>,
    Flat<Omit<Mm4Access, 'peerAuth'>>
  >
  smppAccess: Equal<
    Flat<Omit<NonNullable<AccountInput['smpp']>, 'password' | 'passwordHash'>>,
    Flat<Omit<SmppAccess, 'passwordHash'>>
  >
  upstream: Equal<Flat<Omit<UpstreamInput, 'callback'>>, Flat<Omit<Mm7Upstream, 'callback'>>>
  smpp: Equal<NonNullable<CarrierInput['smpp']>, Flat<SmppPeer>>
  account: Equal<
    Flat<Omit<AccountInput, 'mm4' | 'mm7' | 'smpp' | 'name'>>,
    Flat<Omit<Account, 'mm4' | 'mm7' | 'smpp' | 'name'>>
  >
  carrier: Equal<
    Flat<Omit<CarrierInput, 'mm4' | 'mm7' | 'smpp' | 'title'>>,
    Flat<Omit<Carrier, 'mm4' | 'mm7' | 'smpp' | 'title'>>
  >
} = {
  service: true,
  limits: true,
  number: true,
  route: true,
  block: true,
  mm7: true,
  mm4: true,
  mm4Access: true,
  smppAccess: true,
  upstream: true,
  smpp: true,
  account: true,
  carrier: true,
}

test('the directory file and the core agree on every field they share', () => {
  assert.ok(Object.values(SAME).every(Boolean))
})

function* nodes(schema: AnySchema): Generator<AnySchema> {
  yield schema
  if (isTable(schema)) for (const option of Object.values(schema.properties)) yield* nodes(option)
  else if (schema.type === 'array') yield* nodes(schema.items)
}

test('every pattern has its words, and every default keeps its own rules', () => {
  for (const root of [CONFIG_SCHEMA, DIRECTORY_SCHEMA]) {
    for (const schema of nodes(root)) {
      if (schema.type === 'string' && schema.pattern !== undefined) {
        assert.notEqual(schema.form, undefined, schema.pattern)
      }
      if ('default' in schema) assert.equal(checkValue(schema, schema.default).kind, 'ok')
    }
  }
})
