import { drillReportHtml, type DrillReport } from '../../../shared/drills/drill-report.ts';
import type { DrillRecord } from '../../../shared/drills/drill-record.ts';
import { fileTime, type ReportForms } from '../report/report-file.ts';
import { sealReport } from '../report/seal-report.ts';
import { drillCsv } from './drill-csv.ts';

/** The certificate of a drill, with the hash of what it says. */
export function drillCertificate(
  drill: DrillRecord,
  about: Pick<DrillReport, 'madeAt' | 'timeZone' | 'operator' | 'consoleVersion'>,
): DrillReport {
  return sealReport({ schema: 'ixha-drill-report/1' as const, ...about, drill });
}

export function drillForms(report: DrillReport): ReportForms {
  const { site, cluster, startedAt } = report.drill;
  return {
    report,
    name: `drill-${site}-${cluster}-${fileTime(startedAt)}`,
    html: (paper) => drillReportHtml(report, paper),
    csv: () => drillCsv(report),
  };
}
