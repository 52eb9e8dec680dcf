/**
 * The library's numbering plans with every pattern compiled once. The library itself compiles each
 * pattern anew for each question: 20 to 60 µs a number, as much as the rest of accepting a short
 * message. Answers the plain cases exactly as the library does, and leaves the others to it.
 */
import type { LineType } from '../core/policy/facts.ts'
import type { NumberFacts } from '../engine/ports/number-plan.ts'

/** What is used of the library's `Metadata`, which describes the plan that was selected last. */
export interface PlanMetadata {
  hasCallingCode(callingCode: string): boolean
  getCountryCodesForCallingCode(callingCode: string): readonly string[] | undefined
  selectNumberingPlan(countryOrCallingCode: string): unknown
  readonly numberingPlan?: { nationalPrefixForParsing(): string | undefined }
  /** 0 of a country that has none, as the main one of a calling code. */
  leadingDigits(): string | 0 | undefined
  nationalNumberPattern(): string
  possibleLengths(): readonly number[] | undefined
  type(name: string): TypeMetadata | undefined
}

interface TypeMetadata {
  pattern(): string | undefined
  possibleLengths(): readonly number[] | undefined
}

const LINES: Readonly<Record<string, LineType>> = {
  MOBILE: 'mobile',
  // North America gives both the same numbers; what is not known to be fixed is tried.
  FIXED_LINE_OR_MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  TOLL_FREE: 'toll-free',
  PREMIUM_RATE: 'premium',
}

/** The line of a type as the library names it; `undefined` of a number of no type. */
export function lineOf(type: string | undefined): LineType {
  return LINES[type ?? ''] ?? 'other'
}

/** In the library's order: the first that matches counts. */
const OTHER_TYPES = [
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]

/** ITU E.164 §6: calling codes have one to three digits. */
const CALLING_CODE_DIGITS_MAX = 3
/** Digits of the national number the library takes. */
const NATIONAL_DIGITS = { min: 2, max: 17 } as const

/** One country's part of a plan. */
interface Country {
  readonly name: string
  /** Numbers that begin so are the country's, whatever follows. */
  readonly leading: RegExp | undefined
  readonly lengths: readonly number[]
  /** The type of a national number; `undefined` for one the country does not have. */
  typeOf(national: string): string | undefined
}

interface Plan {
  /** What may stand before a national number and does not belong to it. */
  readonly prefix: RegExp | undefined
  readonly countries: readonly Country[]
}

/** Answers for digits of an international number; `undefined` where the library has to be asked. */
export function createPlanRules(
  metadata: PlanMetadata,
): (number: string) => NumberFacts | undefined {
  const plans = new Map<string, Plan | undefined>()

  function planOf(callingCode: string): Plan | undefined {
    if (plans.has(callingCode)) return plans.get(callingCode)
    const plan = compilePlan(metadata, callingCode)
    plans.set(callingCode, plan)
    return plan
  }

  return (number) => {
    for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits += 1) {
      const plan = planOf(number.slice(0, digits))
      if (plan !== undefined) return factsOf(plan, number.slice(digits))
    }
    return undefined
  }
}

function factsOf({ prefix, countries }: Plan, national: string): NumberFacts | undefined {
  const { length } = national
  if (length < NATIONAL_DIGITS.min || length > NATIONAL_DIGITS.max) return undefined
  if (prefix?.test(national) === true) return undefined
  for (const country of countries) {
    const own =
      countries.length === 1 ||
      (country.leading === undefined
        ? country.typeOf(national) !== undefined
        : country.leading.test(national))
    if (!own) continue
    return {
      country: country.name,
      line: lineOf(country.typeOf(national)),
      formValid: country.lengths.includes(length),
    }
  }
  // Codes of no country (satellites, international toll-free numbers) are the library's.
  return countries.length === 0 ? undefined : nobodysFacts(countries, length)
}

/** A number no country of the calling code has given out: it is taken to be the main one's. */
function nobodysFacts(countries: readonly Country[], length: number): NumberFacts {
  const country = countries.find(({ lengths }) => lengths.includes(length))
  return {
    ...(country === undefined ? {} : { country: country.name }),
    line: lineOf(undefined),
    formValid: countries[0]?.lengths.includes(length) === true,
  }
}

function compilePlan(metadata: PlanMetadata, callingCode: string): Plan | undefined {
  if (!metadata.hasCallingCode(callingCode)) return undefined
  const names = metadata.getCountryCodesForCallingCode(callingCode) ?? []
  metadata.selectNumberingPlan(callingCode)
  const prefix = metadata.numberingPlan?.nationalPrefixForParsing()
  return {
    prefix: prefix === undefined || prefix === '' ? undefined : atStart(prefix),
    countries: names.map((name) => compileCountry(metadata, name)),
  }
}

function compileCountry(metadata: PlanMetadata, name: string): Country {
  metadata.selectNumberingPlan(name)
  const leading = metadata.leadingDigits()
  const national = entirely(metadata.nationalNumberPattern())
  const fixed = typeTest(metadata, 'FIXED_LINE')
  const mobile = typeTest(metadata, 'MOBILE')
  // A pattern that repeats the one of fixed lines is left out of the metadata.
  const mobilePattern = metadata.type('MOBILE')?.pattern()
  const alike = metadata.type('MOBILE') === undefined || mobilePattern === ''
  const others = OTHER_TYPES.map((type) => [type, typeTest(metadata, type)] as const)
  return {
    name,
    leading: leading === undefined || leading === 0 ? undefined : atStart(leading),
    lengths: metadata.possibleLengths() ?? [],
    typeOf(number) {
      if (!national.test(number)) return undefined
      if (fixed(number)) {
        return alike || mobile(number) ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE'
      }
      return others.find(([, test]) => test(number))?.[0]
    },
  }
}

function typeTest(metadata: PlanMetadata, name: string): (national: string) => boolean {
  const type = metadata.type(name)
  const pattern = type?.pattern()
  if (pattern === undefined || pattern === '') return () => false
  const lengths = type?.possibleLengths()
  const whole = entirely(pattern)
  return (national) =>
    (lengths === undefined || lengths.includes(national.length)) && whole.test(national)
}

function entirely(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}

function atStart(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})`)
}
