/** JSON Schema of the catalog as data: of `catalog.json` and of `codes list --json`. */
import { entries, OUTCOME_CLASSES } from '../src/catalog/index.ts'
import { DIALECTS } from '../src/dialects/index.ts'

const attributes = {
  stage: words('ingress admission media routing handoff network device feedback'),
  party: words('nobody sender account provider carrier recipient third-party unknown'),
  finality: words('interim final after-final'),
  permanence: words('ok transient permanent unknown'),
  retry: words('none auto later window fix provision switch check never'),
  billing: words('no maybe yes'),
}

const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, minItems: 1 }

/** The schema, draft 2020-12. */
export function catalogSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Status codes of messaging providers, explained and classified',
    type: 'array',
    items: entry(),
  }
}

function entry(): unknown {
  const classes = Object.keys(OUTCOME_CLASSES)
  const required = {
    id: { ...text, description: 'dialect/surface/code, and /variant where there is one' },
    dialect: { enum: DIALECTS.map((dialect) => dialect.name) },
    surface: text,
    code: { ...text, description: 'a number or a word, always a string' },
    variant: { type: ['string', 'null'], description: 'tells two rows with one code apart' },
    text: { ...text, description: 'exactly as the source prints it' },
    class: { enum: classes },
    family: { enum: [...new Set(Object.values(OUTCOME_CLASSES).map(({ family }) => family))] },
    ...attributes,
    meaning: { ...text, minLength: 40 },
    action: text,
    provoke: provoke(),
  }
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional(classes) },
  }
}

function optional(classes: readonly string[]): Record<string, unknown> {
  const override = {
    type: 'object',
    additionalProperties: false,
    required: ['because'],
    properties: { ...attributes, because: text },
    description: 'attributes that differ from the class, and why; already applied above',
  }
  const marks = [...new Set(entries().flatMap((row) => row.marks ?? []))].sort()
  return {
    details: { type: 'string', description: 'the explanation the wire carries; exact' },
    override,
    causes: { ...texts, description: 'the likeliest first' },
    marks: { type: 'array', items: { enum: marks } },
    candidates: { type: 'array', items: { enum: classes } },
    subCodes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'class', 'meaning'],
        properties: { code: text, class: { enum: classes }, meaning: text, override },
      },
    },
    printed: {
      type: 'object',
      additionalProperties: false,
      required: ['fault', 'by'],
      properties: { fault: words('client service ambiguous'), by: words('provider carrier') },
    },
    deliveryStatus: text,
    note: text,
  }
}

function provoke(): unknown {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['via', 'given'],
    properties: {
      via: words('request account recipient gateway pending'),
      given: text,
      to: { type: 'string', pattern: '^\\+999[0-9]{8}$', description: 'sandbox recipient' },
    },
  }
}

function words(list: string): unknown {
  return { enum: list.split(' ') }
}
