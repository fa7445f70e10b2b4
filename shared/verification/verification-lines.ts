import { engineLines } from './lines/engine-lines.ts';
import { groundLines } from './lines/ground-lines.ts';
import { leaseLines } from './lines/lease-lines.ts';
import type { Line } from './lines/line.ts';
import { queueLines } from './lines/queue-lines.ts';
import { recoveryLines } from './lines/recovery-lines.ts';
import { wholeLines } from './lines/whole-lines.ts';
import { workLines } from './lines/work-lines.ts';

/** Every line of a recovery verification, in the order of its number. */
export const verificationLines: readonly Line[] = [
  ...engineLines,
  ...leaseLines,
  ...queueLines,
  ...workLines,
  ...groundLines,
  ...wholeLines,
  ...recoveryLines,
].sort((one, other) => one.id.localeCompare(other.id));

/** The lines as a table for docs/verification.md. */
export function lineTable(): string {
  const rows = verificationLines.map(
    ({ id, title, claim, proof }) => `| ${id} | ${title} | ${claim} | ${proof} |`,
  );
  return ['| line | check | says | PROVEN when |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
