import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { callFailure, valueOf } from '../ipc/call-failure.ts';
import { exportReport } from '../report/export-report.ts';
import type { PrintPdf } from '../report/report-file.ts';
import { drillCertificate, drillForms } from './drill-certificate.ts';
import type { DrillsKeeper } from './drills-keeper.ts';

export interface DrillParts {
  readonly drills: Pick<DrillsKeeper, 'open' | 'act' | 'record'>;
  readonly printPdf: PrintPdf;
  current(): ConsoleSnapshot;
  wallTime(): string;
}

/** Handlers for drills and their certificates. */
export function drillHandlers({
  drills,
  printPdf,
  current,
  wallTime,
}: DrillParts): Pick<ConsoleHandlers, 'getDrills' | 'actOnDrills' | 'exportDrill'> {
  return {
    getDrills: () => drills.open(),
    actOnDrills: async ({ action }) => valueOf(await drills.act(action)),
    exportDrill: async ({ id, format, paper, timeZone }) => {
      const drill = await drills.record(id);
      if (drill === null) throw callFailure('request.invalid', 'This drill is not kept any more.');
      const { me: operator, consoleVersion } = current();
      const about = { madeAt: wallTime(), timeZone, operator, consoleVersion };
      return exportReport(drillForms(drillCertificate(drill, about)), { format, paper }, printPdf);
    },
  };
}
