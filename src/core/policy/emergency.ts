/** Numbers of emergency services (ITU-T E.161.1 and national plans), and the test codes beside them. */
import type { PartyFacts } from './facts.ts'

/** 112 and 911 work in every mobile network (TS 22.101 §10.1). */
const EVERYWHERE: ReadonlySet<string> = new Set(['112', '911'])

/** What else is an emergency number in one country; `933` tests 911 in North America. */
const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  US: ['933', '988'],
  CA: ['933', '988'],
  GB: ['999', '101', '111'],
  IE: ['999'],
  AU: ['000', '106'],
  NZ: ['111'],
  DE: ['110'],
  FR: ['15', '17', '18', '114'],
  ES: ['061', '062', '091'],
  IT: ['113', '115', '118'],
  CH: ['117', '118', '144'],
  JP: ['110', '118', '119'],
  KR: ['119'],
  CN: ['110', '119', '120', '122'],
  IN: ['100', '101', '102', '108'],
  BR: ['190', '192', '193'],
  MX: ['066', '088'],
  SG: ['995', '999'],
  HK: ['992', '999'],
  ZA: ['10111', '10177'],
}

/**
 * True for an emergency number: everywhere, or in the country the party is taken to be in. A number
 * in international form is never one.
 */
export function isEmergency({ given, address, country }: PartyFacts): boolean {
  if (address?.kind === 'number' || address?.kind === 'email') return false
  const digits = given.replace(/[^0-9]/g, '')
  if (EVERYWHERE.has(digits)) return true
  return country !== undefined && (BY_COUNTRY[country] ?? []).includes(digits)
}
