/** JSON Schema of the catalog as data: of `catalog.json` and of `codes list --json`. */
import { entries, OUTCOME_CLASSES } from '../src/catalog/index.ts'
import { DIALECTS } from '../src/dialects/index.ts'

/** What the attributes of a row say and which words they use. */
export const ATTRIBUTES = {
  stage: {
    description: 'where on its way the message was',
    ...words('ingress admission media routing handoff network device feedback'),
  },
  party: {
    description: 'who must act, which is not always who caused it',
    ...words('nobody sender account provider carrier recipient third-party unknown'),
  },
  finality: {
    description: 'interim: more will come; after-final: a read report or a complaint',
    ...words('interim final after-final'),
  },
  permanence: {
    description:
      'permanent: the same message, unchanged, fails the same way; transient: it may not',
    ...words('ok transient permanent unknown'),
  },
  retry: {
    description: 'what makes sending it again worth while; auto: it is still being tried',
    ...words('none auto later window fix provision switch check never'),
  },
  billing: { description: 'whether it is paid for', ...words('no maybe yes') },
} as const

const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, minItems: 1 }

/** One field of a row, as far as the reference page of the command line shows it. */
export interface FieldSchema extends Readonly<Record<string, unknown>> {
  readonly description: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: unknown
  readonly properties?: Readonly<Record<string, unknown>>
}

/** The schema, draft 2020-12. */
export function catalogSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Status codes of messaging providers, explained and classified',
    type: 'array',
    items: entrySchema(),
  }
}

/** One row. */
export function entrySchema() {
  const classes = Object.keys(OUTCOME_CLASSES)
  const families = [...new Set(Object.values(OUTCOME_CLASSES).map(({ family }) => family))]
  const required: Record<string, FieldSchema> = {
    id: { ...text, description: '`dialect/surface/code`, and `/variant` where there is one' },
    dialect: { enum: DIALECTS.map((dialect) => dialect.name), description: 'whose code it is' },
    surface: { ...text, description: 'the list or channel it is printed for, e.g. `mm7`, `sms`' },
    code: { ...text, description: 'a number or a word, always a string' },
    variant: {
      type: ['string', 'null'],
      description: 'tells two rows apart where one list prints a code twice, else null',
    },
    text: { ...text, description: 'exactly as the source prints it, misprints included' },
    class: { enum: classes, description: 'outcome class, the same in every dialect' },
    family: { enum: families, description: 'family of the class' },
    ...ATTRIBUTES,
    meaning: { ...text, minLength: 40, description: 'what it means, in our words' },
    action: { ...text, description: 'what to do about it' },
    provoke: provoke(),
  }
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional(classes) },
  }
}

function optional(classes: readonly string[]): Record<string, FieldSchema> {
  const override = {
    type: 'object',
    additionalProperties: false,
    required: ['because'],
    properties: { ...ATTRIBUTES, because: { ...text, description: 'why' } },
    description: 'attributes that differ from the class, and why; already applied above',
  }
  const marks = [...new Set(entries().flatMap((row) => row.marks ?? []))].sort()
  return {
    details: { type: 'string', description: 'the explanation the wire carries; exact' },
    override,
    causes: { ...texts, description: 'likely causes, the likeliest first' },
    marks: {
      type: 'array',
      items: { enum: marks },
      description: 'where the row says less than it seems to',
    },
    candidates: {
      type: 'array',
      items: { enum: classes },
      description: 'other classes it may stand for when it comes in from outside',
    },
    subCodes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'class', 'meaning'],
        properties: { code: text, class: { enum: classes }, meaning: text, override },
      },
      description: 'finer codes below it, each with a class and a meaning of its own',
    },
    printed: {
      type: 'object',
      additionalProperties: false,
      required: ['fault', 'by'],
      properties: { fault: words('client service ambiguous'), by: words('provider carrier') },
      description: 'whose fault the source prints, and whose word it is',
    },
    deliveryStatus: { ...text, description: 'the source’s word for the delivery; exact' },
    note: { ...text, description: 'oddities of the source, and what was decided' },
  }
}

function provoke(): FieldSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['via', 'given'],
    properties: {
      via: words('request account recipient gateway pending'),
      given: text,
      to: { type: 'string', pattern: '^\\+999[0-9]{8}$', description: 'sandbox recipient' },
    },
    description:
      'how it is made to happen: by what (`via`), in which way (`given`), and the sandbox ' +
      'recipient that does it (`to`) where there is one; `pending`: not yet',
  }
}

function words(list: string): { readonly enum: readonly string[] } {
  return { enum: list.split(' ') }
}
