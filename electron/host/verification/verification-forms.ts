import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { verificationHtml } from '../../../shared/verification/verification-html.ts';
import {
  verificationReportBody,
  type VerificationReport,
  type VerificationReportAbout,
} from '../../../shared/verification/verification-report.ts';
import { fileTime, type ReportForms } from '../report/report-file.ts';
import { sealReport } from '../report/seal-report.ts';
import { verificationCsv } from './verification-csv.ts';

/** What is kept of a move as a report, with the hash of what it says. */
export function verificationReport(
  kept: KeptVerification,
  about: VerificationReportAbout,
): VerificationReport {
  return sealReport(verificationReportBody(kept, about));
}

export function verificationForms(report: VerificationReport): ReportForms {
  const { cluster, epoch } = report.kept.verification.move;
  return {
    report,
    name: `verification-${report.site.id}-${cluster}-epoch-${epoch}-${fileTime(report.madeAt)}`,
    html: (paper) => verificationHtml(report, paper),
    csv: () => verificationCsv(report),
  };
}
