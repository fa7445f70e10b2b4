import { FlaskConical, OctagonX, Search, TriangleAlert } from 'lucide-react';
import { countDangers, siteProblems } from '../../shared/fleet/problems.ts';
import type { SiteSight } from '../../shared/fleet/sight.ts';
import { Chip } from '../components/chip.tsx';
import { InkButton } from '../components/ink-button.tsx';
import { useConsole, useSnapshot } from './console-context.tsx';
import { FailoverStates } from './failover-states.tsx';
import { MeMenu } from './me-menu.tsx';
import { navigate } from './route.ts';
import classes from './top-bar.module.css';

/** Site, problems, automatic failover, search, demo and person: the same on every screen. */
export function TopBar({ site }: { readonly site: SiteSight | null }) {
  const { palette } = useConsole();
  return (
    <header className={classes.bar}>
      <svg className={classes.mark} viewBox="0 0 18 18" aria-hidden>
        <rect x="1" y="1" width="8" height="16" rx="2" fill="currentColor" />
        <rect
          x="11.75"
          y="1.75"
          width="5.5"
          height="14.5"
          rx="1.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        />
      </svg>
      <span className={classes.site}>{site?.site.name ?? 'IguanaX HA Console'}</span>
      {site?.site.demo && (
        <Chip tone="maintenance" shape="square" icon={FlaskConical}>
          Demo
        </Chip>
      )}
      {site && (
        <>
          <span className={classes.rule} />
          <ProblemCounter site={site} />
          <span className={classes.rule} />
          <FailoverStates site={site} />
        </>
      )}
      <span className={classes.push} />
      {site?.site.demo && <FaultsButton active={site.site.faults.length} />}
      <button type="button" className={classes.search} onClick={palette.open}>
        <Search aria-hidden /> Search or do… <kbd className={classes.keys}>Ctrl K</kbd>
      </button>
      <Me />
    </header>
  );
}

function Me() {
  const snapshot = useSnapshot();
  return snapshot && <MeMenu name={snapshot.me.name} role={snapshot.me.role} />;
}

function ProblemCounter({ site }: { readonly site: SiteSight }) {
  const problems = siteProblems(site);
  const dangers = countDangers(problems);
  const words = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return (
    <button type="button" className={classes.counter} onClick={() => navigate({ page: 'overview' })}>
      {problems.length === 0 ? (
        <Chip tone="quiet" shape="square">
          No problems
        </Chip>
      ) : (
        <Chip
          tone={dangers > 0 ? 'dangerSolid' : 'warn'}
          shape="square"
          icon={dangers > 0 ? OctagonX : TriangleAlert}
        >
          {words}
        </Chip>
      )}
    </button>
  );
}

function FaultsButton({ active }: { readonly active: number }) {
  const { ui } = useConsole();
  return (
    <InkButton
      leftSection={<FlaskConical aria-hidden />}
      onClick={() => ui.getState().setDemoOpen(!ui.getState().demoOpen)}
    >
      {active === 0 ? 'Faults…' : `Faults: ${active} in force`}
    </InkButton>
  );
}
