import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { reportBody } from '../../../shared/readiness/report.ts';
import { valueOf } from '../ipc/call-failure.ts';
import { exportReport } from '../report/export-report.ts';
import type { PrintPdf } from '../report/report-file.ts';
import { sealReport } from '../report/seal-report.ts';
import type { ReadinessKeeper } from './readiness-keeper.ts';
import { readinessForms } from './readiness-report.ts';

export interface ReadinessParts {
  readonly readiness: Pick<ReadinessKeeper, 'open' | 'act' | 'compare' | 'standing'>;
  readonly printPdf: PrintPdf;
  current(): ConsoleSnapshot;
  wallTime(): string;
}

type ReadinessCall = 'getReadiness' | 'actOnReadiness' | 'compareReadiness' | 'exportReadiness';

/** Handlers for the checks of readiness and their reports. */
export function readinessHandlers({
  readiness,
  printPdf,
  current,
  wallTime,
}: ReadinessParts): Pick<ConsoleHandlers, ReadinessCall> {
  return {
    getReadiness: () => readiness.open(),
    actOnReadiness: async ({ action }) => valueOf(await readiness.act(action)),
    compareReadiness: async ({ before, after }) => ({
      changes: valueOf(await readiness.compare(before, after)),
    }),
    exportReadiness: async ({ format, paper, timeZone }) => {
      const standing = valueOf(await readiness.standing());
      const { me: operator, consoleVersion } = current();
      const body = reportBody({ ...standing, now: wallTime(), timeZone, operator, consoleVersion });
      return exportReport(readinessForms(sealReport(body)), { format, paper }, printPdf);
    },
  };
}
