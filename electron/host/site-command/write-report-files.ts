import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { ReportFormat } from '../../../shared/report/report-formats.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { printWithBrowser } from '../report/print-with-browser.ts';
import { reportFile, type ReportForms } from '../report/report-file.ts';
import { writeNewFile } from '../write-new-file.ts';

/**
 * Writes one report in every format asked for; a file that exists is not replaced. Answers lines for the person.
 * Called off, it prints and writes no further file.
 * Errors: report.not-written, report.no-browser, report.not-printed.
 */
export async function writeReportFiles(
  { out, formats }: { readonly out: string | undefined; readonly formats: readonly ReportFormat[] },
  forms: ReportForms,
  signal: AbortSignal,
): Promise<Result<string[], ProductError>> {
  const folder = resolve(out ?? '.');
  const print = (html: string) => printWithBrowser(html, signal);
  const lines: string[] = [];
  if (formats.length > 0 && !existsSync(folder)) {
    const made = await mkdir(folder, { recursive: true }).then(
      () => null,
      ({ code }: NodeJS.ErrnoException) => code ?? 'unknown cause',
    );
    if (made !== null) return fail(productError('report.not-written', `${folder} cannot be made (${made}).`));
  }
  for (const format of formats) {
    const file = await reportFile(forms, { format, paper: 'A4' }, print);
    if (!file.ok) return file;
    const path = join(folder, file.value.fileName);
    const written = await writeNewFile(path, file.value.content, signal);
    if (!written.ok) return fail(productError('report.not-written', written.error));
    lines.push(`${format.toUpperCase()}: ${path}`);
  }
  return succeed(lines);
}
