/** Pieces of a generated page. */

/** A Markdown table; bars inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Blocks with an empty line between them. */
export function page(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`
}

/** Plain text as Markdown: text between tags and stars would vanish. */
export function prose(text: string): string {
  return text.replace(/[<*_]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`))
}

/** A word of a program. */
export function code(word: string): string {
  return `\`${word}\``
}
