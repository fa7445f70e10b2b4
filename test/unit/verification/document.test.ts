import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lineTable, verificationLines } from '../../../shared/verification/verification-lines.ts';
import { partOf } from '../../golden/generated-parts.ts';

test('docs/verification.md has the lines of the code', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/verification.md'), 'utf8');
  const cells = (table: string) =>
    table.split('\n').map((row) => row.split('|').map((cell) => cell.trim().replace(/^-+$/, '-')));
  expect(cells(partOf(document, 'verification lines').trim())).toEqual(cells(lineTable()));
});

test('every line has a number of its own', () => {
  expect(new Set(verificationLines.map(({ id }) => id)).size).toBe(18);
});
