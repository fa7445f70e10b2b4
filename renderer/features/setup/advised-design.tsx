import { useEffect } from 'react';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { routeHash } from '../../app/route.ts';
import { Notice } from '../../components/notice.tsx';
import { useOpenAdvisor } from '../advisor/use-advisor.ts';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What the advisor has led to: a design that was kept there is chosen here, until another one is. */
export function AdvisedDesign() {
  const advisor = useOpenAdvisor();
  const { draft, edit } = useSetup();
  const kept = advisor?.view.record.decision?.design ?? null;
  useEffect(() => {
    if (draft.design === null && kept !== null) edit((now) => ({ ...now, design: now.design ?? kept }));
  }, [draft.design, kept, edit]);
  if (!advisor) return null;
  const link = (
    <a className={classes.link} href={routeHash({ page: 'advisor' })}>
      {advisor.view.record.changed ? 'Show the questions' : 'Answer five questions'}
    </a>
  );
  const { design, settled } = advisor.advice;
  if (kept !== null && draft.design !== null && draft.design !== kept) {
    return (
      <Notice kind="warn" title={`The advisor’s decision is ${designTitles[kept]}`}>
        Another design is chosen here. Choose the same, or decide anew there: {link}.
      </Notice>
    );
  }
  if (kept !== null) {
    return (
      <Notice kind="done" title={`${designTitles[kept]} was decided with the advisor`}>
        {link}
      </Notice>
    );
  }
  const title =
    design === null
      ? 'Not sure which? The advisor asks and recommends'
      : `The advisor recommends ${designTitles[design]}${settled ? '' : ' so far'}`;
  return (
    <Notice kind="waiting" title={title}>
      {link}
    </Notice>
  );
}
