import { useStore } from 'zustand';
import { Printer } from 'lucide-react';
import { decisionDocument } from '../../../shared/advisor/decision-document.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { saveFile } from '../../components/save-file.ts';
import { Awaited } from './advisor-page.tsx';
import { RecordSheet } from './record-sheet.tsx';
import classes from './record.module.css';
import { useOpenAdvisor } from './use-advisor.ts';

/** What was answered, recommended and decided, as one prints and signs it. */
export function RecordPage() {
  const open = useOpenAdvisor();
  const snapshot = useSnapshot();
  const error = useStore(useConsole().advisor, (state) => state.error);
  if (!open) return <div className={classes.page}>{error ? <ErrorNotice error={error} /> : <Awaited />}</div>;
  const { view } = open;
  const site =
    view.keptFor === 'site' && snapshot?.site ? { id: snapshot.site.id, name: snapshot.site.name } : null;
  const document = decisionDocument(view.record, site, snapshot?.consoleVersion ?? '');
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <a href={routeHash({ page: 'advisor' })}>Back to the questions</a>
        <InkButton
          onClick={() =>
            saveFile(`${site?.id ?? 'site'}-decision.json`, `${JSON.stringify(document, null, 2)}\n`)
          }
        >
          Save as JSON
        </InkButton>
        <InkButton act="next" leftSection={<Printer aria-hidden />} onClick={() => window.print()}>
          Print
        </InkButton>
      </div>
      <RecordSheet document={document} />
    </div>
  );
}
