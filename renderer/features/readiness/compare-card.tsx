import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { RunSummary } from '../../../shared/readiness/readiness-view.ts';
import { gotBetter, type RunChange } from '../../../shared/readiness/results.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { productErrorOf } from '../../ipc/console-client.ts';
import classes from './readiness.module.css';

/** What changed between two runs, and how many checks were met over time. */
export function CompareCard({
  runs,
  baseline,
}: {
  readonly runs: readonly RunSummary[];
  readonly baseline: RunSummary | null;
}) {
  const [newest, second] = runs;
  const all = withBaseline(runs, baseline);
  // Until a person chooses, the newest two are compared, also when another one ends meanwhile.
  const [chosen, choose] = useState<{ readonly before?: string; readonly after?: string }>({});
  const { before = (second ?? all[1])?.wallTime ?? '', after = newest?.wallTime ?? '' } = chosen;
  const comparison = useComparison(before, after);
  if (newest === undefined || all.length < 2) {
    return (
      <Card title="Compare two runs">
        <p className={classes.empty}>
          {runs.length === 0 ? 'No run is kept yet.' : 'One run is kept; a second one is needed.'}
        </p>
      </Card>
    );
  }
  const choices = all.map(({ wallTime, tally: { met, of }, by }) => ({
    value: wallTime,
    label: `${formatWallTime(wallTime)}, ${met} of ${of}, ${by}${wallTime === baseline?.wallTime ? ', baseline' : ''}`,
  }));
  return (
    <Card
      title="Compare two runs"
      className={classes.compareCard ?? ''}
      note={`${runs.length} runs are kept`}
      right={<Trend runs={runs} />}
    >
      <div className={classes.compare}>
        <NativeSelect
          label="Before"
          size="xs"
          data={choices}
          value={before}
          onChange={({ currentTarget }) => choose({ ...chosen, before: currentTarget.value })}
        />
        <NativeSelect
          label="After"
          size="xs"
          data={choices}
          value={after}
          onChange={({ currentTarget }) => choose({ ...chosen, after: currentTarget.value })}
        />
      </div>
      <SinceBaseline
        baseline={baseline?.wallTime ?? newest.wallTime}
        newest={newest.wallTime}
        shown={before}
        onChoose={choose}
      />
      {comparison.error && <ErrorNotice error={comparison.error} />}
      {comparison.changes?.length === 0 && <p className={classes.empty}>Every check stands as it did.</p>}
      {comparison.changes && comparison.changes.length > 0 && (
        <div className={classes.changes} tabIndex={0} role="region" aria-label="Changes between the two runs">
          <ul aria-label="What changed">
            {comparison.changes.map((change) => (
              <Change key={`${change.check} ${change.subject}`} change={change} />
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

/** The runs to choose from; the baseline is one of them, also when its run is no longer kept. Pure. */
function withBaseline(runs: readonly RunSummary[], baseline: RunSummary | null): readonly RunSummary[] {
  if (baseline === null || runs.some(({ wallTime }) => wallTime === baseline.wallTime)) return runs;
  return [...runs, baseline];
}

/** One click to what stands otherwise since the site began; the baseline itself has nothing to compare with. */
function SinceBaseline(props: {
  readonly baseline: string;
  readonly newest: string;
  readonly shown: string;
  readonly onChoose: (runs: { readonly before: string; readonly after: string }) => void;
}) {
  const { baseline, newest, shown, onChoose } = props;
  if (baseline === newest) return null;
  return (
    <div>
      <InkButton
        aria-pressed={shown === baseline}
        onClick={() => onChoose({ before: baseline, after: newest })}
      >
        Compare with baseline
      </InkButton>
    </div>
  );
}

function useComparison(before: string, after: string) {
  const { client } = useConsole();
  const [read, setRead] = useState<{
    readonly key: string;
    readonly changes: readonly RunChange[] | null;
    readonly error: ProductError | null;
  } | null>(null);
  const key = `${before} ${after}`;
  useEffect(() => {
    if (before === '' || after === '') return undefined;
    let wanted = true;
    client.call('compareReadiness', { before, after }).then(
      ({ changes }) => wanted && setRead({ key, changes, error: null }),
      (thrown: unknown) => wanted && setRead({ key, changes: null, error: productErrorOf(thrown) }),
    );
    return () => {
      wanted = false;
    };
  }, [client, before, after, key]);
  return read?.key === key ? read : { changes: null, error: null };
}

function Change({ change }: { readonly change: RunChange }) {
  const { check, subject, before, after } = change;
  const title = readinessChecks.find(({ id }) => id === check)?.title ?? check;
  const better = gotBetter(change);
  const state = better
    ? 'ok'
    : after?.verdict === 'failed'
      ? 'danger'
      : after?.verdict === 'unknown'
        ? 'unknown'
        : 'warn';
  return (
    <li>
      <StateIcon state={state} />
      <span>
        <b>{title}</b> {subject === '' ? '' : `(${subject})`}
        <span className={classes.changeText}>
          before: {before === null ? 'not there' : `${before.verdict}, ${before.finding}`} · after:{' '}
          {after === null ? 'not there' : `${after.verdict}, ${after.finding}`}
        </span>
      </span>
    </li>
  );
}

/** Met checks in per cent, oldest run first. */
function Trend({ runs }: { readonly runs: readonly RunSummary[] }) {
  const shares = runs.map(({ tally: { met, of } }) => (of === 0 ? 0 : (100 * met) / of)).reverse();
  const newest = shares.at(-1) ?? 0;
  return (
    <span className={classes.trend}>
      <Sparkline
        width={96}
        height={20}
        values={shares}
        label={`Met checks over ${runs.length} runs, now ${Math.round(newest)} %`}
      />
      <span className="num">{Math.round(newest)} %</span>
    </span>
  );
}
