import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { helpReportHtml, isPrinted } from '../../../shared/help/help-report.ts';
import { helpTopics } from '../../../shared/help/help-topics.ts';
import { csvText } from '../report/csv-text.ts';
import { exportReport } from '../report/export-report.ts';
import { fileTime, type PrintPdf } from '../report/report-file.ts';
import { sealReport } from '../report/seal-report.ts';

export interface HelpParts {
  readonly printPdf: PrintPdf;
  current(): ConsoleSnapshot;
  wallTime(): string;
}

/** The run-books as a file for the person. */
export function helpHandlers({
  printPdf,
  current,
  wallTime,
}: HelpParts): Pick<ConsoleHandlers, 'exportRunbooks'> {
  return {
    exportRunbooks: async ({ format, paper, timeZone }) => {
      const { me: operator, consoleVersion, site } = current();
      const madeAt = wallTime();
      const topics = helpTopics().filter(isPrinted);
      const report = sealReport({
        schema: 'ixha-runbooks/1' as const,
        site: site?.name ?? 'No site',
        isDemo: site?.demo === true,
        ...{ madeAt, timeZone, operator, consoleVersion, topics },
      });
      const rows = topics.flatMap(({ id, title, parts }) =>
        parts.flatMap(({ head, lines }) => lines.map((line) => [id, title, head, line])),
      );
      const forms = {
        report,
        name: `runbooks-${site?.id ?? 'console'}-${fileTime(madeAt)}`,
        html: (chosen: 'A4' | 'Letter') => helpReportHtml(report, chosen),
        csv: () => csvText([['id', 'title', 'part', 'text'], ...rows]),
      };
      return exportReport(forms, { format, paper }, printPdf);
    },
  };
}
