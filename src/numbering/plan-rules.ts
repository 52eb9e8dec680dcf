/**
 * The library's numbering plans with every pattern compiled once. The library itself compiles each
 * pattern anew for each question, and throws and catches where a number is of no plan: 20 to 60 µs a
 * number, as much as the rest of accepting a short message. Answers exactly as the library does.
 */
import type { LineType } from '../core/policy/facts.ts'
import type { NumberFacts } from '../engine/ports/number-plan.ts'

/** What is used of the library's `Metadata`, which describes the plan that was selected last. */
export interface PlanMetadata {
  hasCallingCode(callingCode: string): boolean
  getCountryCodesForCallingCode(callingCode: string): readonly string[] | undefined
  selectNumberingPlan(countryOrCallingCode: string): unknown
  readonly numberingPlan?: { nationalPrefixForParsing(): string | 0 | undefined }
  nationalPrefixTransformRule(): string | 0 | undefined
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
/** Digits of the national number the library takes, and of a whole one. */
const NATIONAL_DIGITS = { min: 2, max: 17 } as const
const WHOLE_DIGITS_MIN = 3

/** A calling code of no plan: E.164 still allows the number, and routes may know it. */
const UNPLANNED: NumberFacts = { line: 'unknown', formValid: true }

/** One country's part of a plan, or one that belongs to no country. */
interface Region {
  /** Absent: numbers of no country, such as those of satellites. */
  readonly name?: string
  /** Numbers that begin so are the country's, whatever follows. */
  readonly leading: RegExp | undefined
  readonly national: RegExp
  /** Of national numbers, the shortest first. */
  readonly lengths: readonly number[]
  /** The type of a national number; `undefined` for one the country does not have. */
  typeOf(national: string): string | undefined
}

/** What may stand before a national number and does not belong to it. */
interface Prefix {
  readonly pattern: RegExp
  /** What the number is rewritten to, where the pattern caught part of it. */
  readonly rewritten: string | undefined
}

interface Plan {
  readonly prefix: Prefix | undefined
  /** Speaks for numbers that are no country's. */
  readonly main: Region
  readonly countries: readonly Region[]
}

/** Answers for E.164 digits without plus. */
export function createPlanRules(metadata: PlanMetadata): (number: string) => NumberFacts {
  const plans = new Map<string, Plan | undefined>()

  function planOf(callingCode: string): Plan | undefined {
    const known = plans.get(callingCode)
    if (known !== undefined || plans.has(callingCode)) return known
    const plan = compilePlan(metadata, callingCode)
    plans.set(callingCode, plan)
    return plan
  }

  return (number) => {
    if (number.length < WHOLE_DIGITS_MIN) return UNPLANNED
    for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits += 1) {
      const plan = planOf(number.slice(0, digits))
      if (plan !== undefined) return factsOf(plan, number.slice(digits))
    }
    return UNPLANNED
  }
}

function factsOf(plan: Plan, dialled: string): NumberFacts {
  const national = withoutPrefix(plan, dialled)
  const { length } = national
  if (length < NATIONAL_DIGITS.min || length > NATIONAL_DIGITS.max) return UNPLANNED
  const region = countryOf(plan, national)
  // A number nobody has yet still lies in the first country that has such lengths.
  const home = region ?? plan.countries.find(({ lengths }) => lengths.includes(length))
  const { typeOf, lengths } = region ?? plan.main
  const line = lineOf(typeOf(national))
  const formValid = lengths.includes(length)
  return home?.name === undefined ? { line, formValid } : { country: home.name, line, formValid }
}

function countryOf({ countries }: Plan, national: string): Region | undefined {
  if (countries.length === 1) return countries[0]
  return countries.find(({ leading, typeOf }) =>
    leading === undefined ? typeOf(national) !== undefined : leading.test(national),
  )
}

/** Takes off what is dialled within a country, unless the number is sound only with it. */
function withoutPrefix(plan: Plan, dialled: string): string {
  const { prefix, main } = plan
  const found = prefix?.pattern.exec(dialled)
  if (prefix === undefined || found === null || found === undefined) return dialled
  const caught = found.length > 1 && found.at(-1)
  const national =
    prefix.rewritten !== undefined && caught
      ? dialled.replace(prefix.pattern, prefix.rewritten)
      : dialled.slice(found[0].length)
  if (main.national.test(dialled) && !main.national.test(national)) return dialled
  const { lengths } = countryOf(plan, national) ?? main
  const { length } = national
  return length > (lengths.at(-1) ?? 0) || lengths.includes(length) ? national : dialled
}

function compilePlan(metadata: PlanMetadata, callingCode: string): Plan | undefined {
  if (!metadata.hasCallingCode(callingCode)) return undefined
  const names = metadata.getCountryCodesForCallingCode(callingCode) ?? []
  metadata.selectNumberingPlan(callingCode)
  const pattern = metadata.numberingPlan?.nationalPrefixForParsing()
  const rewritten = metadata.nationalPrefixTransformRule()
  return {
    prefix: isGiven(pattern)
      ? { pattern: atStart(pattern), rewritten: isGiven(rewritten) ? rewritten : undefined }
      : undefined,
    main: compileRegion(metadata),
    countries: names.map((name) => {
      metadata.selectNumberingPlan(name)
      return { name, ...compileRegion(metadata) }
    }),
  }
}

/** The metadata has 0 where there is nothing. */
function isGiven(text: string | 0 | undefined): text is string {
  return typeof text === 'string' && text !== ''
}

/** Of the plan that is selected. */
function compileRegion(metadata: PlanMetadata): Region {
  const leading = metadata.leadingDigits()
  const national = entirely(metadata.nationalNumberPattern())
  const fixed = typeTest(metadata, 'FIXED_LINE')
  const mobile = typeTest(metadata, 'MOBILE')
  // A pattern that repeats the one of fixed lines is left out of the metadata.
  const mobilePattern = metadata.type('MOBILE')?.pattern()
  const alike = metadata.type('MOBILE') === undefined || mobilePattern === ''
  const others = OTHER_TYPES.map((type) => [type, typeTest(metadata, type)] as const)
  return {
    leading: isGiven(leading) ? atStart(leading) : undefined,
    national,
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
