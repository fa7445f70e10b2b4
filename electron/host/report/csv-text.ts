import { stringify } from 'csv-stringify/sync';

/**
 * Rows as a table for spreadsheets. Cells that a spreadsheet would take for a formula begin with an apostrophe, so that
 * a name like `=cmd` stays a name.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { bom: true, record_delimiter: 'windows', escape_formulas: true },
  );
}
