import { siteProblems, type Problem } from '../../../shared/fleet/problems.ts';
import type { Severity } from '../../../shared/fleet/finding.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import classes from './problem-list.module.css';

const icons: Record<Severity, FactState> = { danger: 'danger', unknown: 'unknown', warn: 'warn' };

/** Everything that asks for attention across all clusters; what follows from one cause is folded into it. */
export function ProblemList({ site }: { readonly site: SiteSight }) {
  const problems = siteProblems(site);
  return (
    <Card
      title="Problems"
      note={countWords(problems)}
      right={<span className="small ink2">All clusters</span>}
    >
      {problems.length === 0 ? (
        <div className={classes.none}>
          <StateIcon state="ok" /> Nothing asks for attention.
        </div>
      ) : (
        <ul className={classes.list} tabIndex={0} aria-label="Problems, worst first">
          {problems.map((problem) => (
            <ProblemItem key={problem.key} problem={problem} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function countWords(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'none';
  const stopping = problems.filter((problem) => problem.severity !== 'warn').length;
  return stopping === 0 ? `${problems.length}, none stops a failover` : `${problems.length}, worst first`;
}

function ProblemItem({ problem }: { readonly problem: Problem }) {
  return (
    <li className={classes.item}>
      <StateIcon state={icons[problem.severity]} />
      <div className={classes.body}>
        <div className={classes.title}>{problem.title}</div>
        <div className={classes.text}>{problem.text}</div>
        {problem.folded.length > 0 && (
          <details className={classes.folded}>
            <summary>Show what follows, {problem.clusters.join(' and ')}</summary>
            <ul>
              {problem.folded.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <Age ms={problem.ageMs} intervalMs={2_000} />
    </li>
  );
}
