import { logWeight, type LogLine } from '../../../shared/support/server-logs.ts';

/** What of a log is shown. */
export interface LogFilter {
  readonly text: string;
  /** Empty: all. */
  readonly unit: string;
  readonly onlyWorse: boolean;
}

/** Lines that a filter lets through, in their order. Pure. */
export function shownLines(lines: readonly LogLine[], { text, unit, onlyWorse }: LogFilter): LogLine[] {
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (unit === '' || line.unit === unit) &&
      (!onlyWorse || logWeight(line) !== 'plain') &&
      `${line.unit} ${line.text}`.toLowerCase().includes(wanted),
  );
}
