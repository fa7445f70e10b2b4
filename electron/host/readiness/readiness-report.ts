import { reportHtml } from '../../../shared/readiness/report-html.ts';
import type { ReadinessReport } from '../../../shared/readiness/report.ts';
import { fileTime, type ReportForms } from '../report/report-file.ts';
import { readinessCsv } from './readiness-csv.ts';

/** Files are named after site and time; letters of a site's id fit every file system. */
export function readinessForms(report: ReadinessReport): ReportForms {
  return {
    report,
    name: `readiness-${report.site.id}-${fileTime(report.madeAt)}`,
    html: (paper) => reportHtml(report, paper),
    csv: () => readinessCsv(report),
  };
}
