import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { alarmsOfProblem } from '../../../shared/fleet/alarms.ts';
import type { Problem } from '../../../shared/fleet/problem.ts';
import { siteProblems } from '../../../shared/fleet/problems.ts';
import type { Severity } from '../../../shared/fleet/finding.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { Acknowledging } from '../alarms/acknowledging.tsx';
import classes from './problem-list.module.css';

const icons: Record<Severity, FactState> = { danger: 'danger', unknown: 'unknown', warn: 'warn' };

/** Everything that asks for attention across all clusters; what follows from one cause is folded into it. */
export function ProblemList({ site }: { readonly site: SiteSight }) {
  const problems = siteProblems(site);
  return (
    <Card
      title="Problems"
      note={countWords(problems, site)}
      right={<span className="small ink2">All clusters</span>}
    >
      {problems.length === 0 ? (
        <div className={classes.none}>
          <StateIcon state="ok" /> Nothing asks for attention.
        </div>
      ) : (
        <ul className={classes.list} tabIndex={0} aria-label="Problems, worst first">
          {problems.map((problem) => (
            <ProblemItem key={problem.key} problem={problem} site={site} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function countWords(problems: readonly Problem[], { clusters }: SiteSight): string {
  if (problems.length === 0) return 'none';
  if (problems.some(({ severity }) => severity !== 'warn')) return `${problems.length}, worst first`;
  const ready = clusters.every((cluster) => isReady(clusterVerdict(cluster)));
  return ready ? `${problems.length}, none stops a failover` : `${problems.length} to look at`;
}

function ProblemItem({ problem, site }: { readonly problem: Problem; readonly site: SiteSight }) {
  return (
    <li className={classes.item}>
      <StateIcon state={icons[problem.severity]} />
      <div className={classes.body}>
        <div className={classes.title}>{problem.title}</div>
        <div className={classes.text}>{problem.text}</div>
        {problem.folded.length > 0 && (
          <details className={classes.folded}>
            <summary>
              {problem.leadsTo === null ? 'Show what follows' : 'Show which'},{' '}
              {problem.clusters.join(' and ')}
            </summary>
            <ul>
              {problem.folded.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
        <Acknowledging
          alarms={alarmsOfProblem(site, problem)}
          runbook={problem.runbook}
          leadsTo={problem.leadsTo}
        />
      </div>
      {problem.leadsTo === null && <Age ms={problem.ageMs} intervalMs={2_000} />}
    </li>
  );
}
