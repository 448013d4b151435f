import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** What makes a spreadsheet take a cell for a formula, also in their full-width forms. */
const FORMULA_START = /^['=+\-@\t\r\n＝＋－＠]/;

const SEPARATORS = /[,;|]/;
/** Texts never contain it, so a cell of labels is one record whatever line ends are in it. */
const NO_CHARACTER = '\0';

/**
 * A text as a cell that no spreadsheet executes: an apostrophe in front makes it a text. One that
 * begins with an apostrophe gets another, so that `fromCell` can undo it.
 */
export function toCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

/** Undoes `toCell`. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/** Labels in one cell, separated by commas; a label with a separator or a quote in it is quoted. */
export function toLabelCell(labels: readonly string[]): string {
  if (labels.length === 0) return '';
  return stringify([[...labels]], {
    record_delimiter: NO_CHARACTER,
    eof: false,
    quoted_match: /[;|\r\n]/,
  });
}

/** Undoes `toLabelCell`; takes what people write by hand too, separated by `,`, `;` or `|`. */
export function fromLabelCell(cell: string): string[] {
  return splitLabels(cell)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function splitLabels(cell: string): string[] {
  if (!cell.includes('"')) return cell.split(SEPARATORS);
  try {
    const rows: string[][] = parse(cell, {
      delimiter: [',', ';', '|'],
      record_delimiter: NO_CHARACTER,
      relax_quotes: true,
      trim: true,
    });
    return rows.flat();
  } catch {
    // A quotation mark that is never closed: it is a character like others then.
    return cell.split(SEPARATORS);
  }
}
