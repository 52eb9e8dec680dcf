/** The key of a row inside its list: a code, and the variant where a number is printed twice. */

/** `code`, or `code/variant` for a row that has a variant. */
export type RowKey<Row> = Row extends {
  readonly code: infer Code extends string
  readonly variant: infer Variant extends string
}
  ? `${Code}/${Variant}`
  : Row extends { readonly code: infer Code extends string }
    ? Code
    : never
