import type * as z from 'zod/mini';
import type { ReportFile } from '../../../shared/report/report-formats.ts';
import { valueOf } from '../ipc/call-failure.ts';
import { reportFile, type PrintPdf, type ReportChoice, type ReportForms } from './report-file.ts';

/** One file of a report as a call answers it. Throws what the page shows: report.no-browser, report.not-printed. */
export async function exportReport(
  forms: ReportForms,
  choice: ReportChoice,
  print: PrintPdf,
): Promise<z.infer<typeof ReportFile>> {
  const { fileName, content } = valueOf(await reportFile(forms, choice, print));
  return { fileName, base64: Buffer.from(content).toString('base64') };
}
