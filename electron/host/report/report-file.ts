import type { ProductError } from '../../../shared/errors.ts';
import type { ReportFormat, ReportPaper } from '../../../shared/report/report-formats.ts';
import { succeed, type Result } from '../../../shared/result.ts';

/** Prints a page of ours to a PDF: with the desktop window's engine, or with an installed browser. */
export type PrintPdf = (html: string) => Promise<Result<Uint8Array, ProductError>>;

/** A report with what its files are made by; all of them say the same. */
export interface ReportForms {
  readonly report: object;
  /** Of its files, without the format. */
  readonly name: string;
  html(paper: ReportPaper): string;
  csv(): string;
}

export interface ReportChoice {
  readonly format: ReportFormat;
  readonly paper: ReportPaper;
}

/** One file of a report. Errors: report.no-browser, report.not-printed. */
export async function reportFile(
  forms: ReportForms,
  choice: ReportChoice,
  print: PrintPdf,
): Promise<Result<{ fileName: string; content: Uint8Array }, ProductError>> {
  const content = await contentOf(forms, choice, print);
  return content.ok
    ? succeed({ fileName: `${forms.name}.${choice.format}`, content: content.value })
    : content;
}

async function contentOf(
  { report, html, csv }: ReportForms,
  { format, paper }: ReportChoice,
  print: PrintPdf,
): Promise<Result<Uint8Array, ProductError>> {
  switch (format) {
    case 'json':
      return succeed(bytes(`${JSON.stringify(report, null, 2)}\n`));
    case 'csv':
      return succeed(bytes(csv()));
    case 'html':
      return succeed(bytes(html(paper)));
    case 'pdf':
      return print(html(paper));
  }
}

/** A moment in the name of a file: `20260314T043124Z`. */
export function fileTime(wallTime: string): string {
  return `${wallTime.slice(0, 19).replaceAll(/[:-]/g, '')}Z`;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
