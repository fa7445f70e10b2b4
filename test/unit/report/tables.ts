/** Reads a table as a spreadsheet does: quotes doubled within quotes, lines ended by CR LF. */
export function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const body = csv.replace(/^\uFEFF/, '');
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at]!;
    if (quoted && character === '"' && body[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') {
      rows.at(-1)!.push(cell);
      cell = '';
    } else if (!quoted && character === '\r' && body[at + 1] === '\n') {
      rows.at(-1)!.push(cell);
      rows.push([]);
      cell = '';
      at += 1;
    } else cell += character;
  }
  return rows;
}

/** Names that break tables, pages and spreadsheets that were not written for them. */
export const awkwardNames = [
  '=cmd|"/c calc"!A0',
  '+1+1',
  '-2',
  '@SUM(A1)',
  '\t=1',
  'St. "Anna", Haus 2; <b>&amp;</b>',
  'בית חולים הדסה',
  'ä'.repeat(200),
  "O'Brien\r\nline two",
];

/** What a spreadsheet takes for a formula, also in full width. */
export const formulaBegin = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
