import { RotateCw } from 'lucide-react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { MeasuredTimes, Spread } from '../../../shared/setup/measured-times.ts';
import { draftPolicy } from '../../../shared/setup/draft-timing.ts';
import {
  failureCourse,
  presetChoices,
  timingChoice,
  type PresetChoice,
  type TimingChoice,
} from '../../../shared/setup/timing-choice.ts';
import { clockDriftBound } from '../../../shared/lease/timing.ts';
import { usualCutSeconds, usualMountSeconds } from '../../../shared/site/site-document.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { FailureDrawing } from './failure-drawing.tsx';
import { OwnTimes } from './own-timing.tsx';
import classes from './setup.module.css';
import { presetPlaces, presetTitles, timingTitle } from './timing-words.ts';
import { useSetup } from './use-setup.ts';

/** What was measured, the presets judged by it, and a failure drawn with the chosen one. */
export function TimingStep() {
  const { draft, view } = useSetup();
  const { times } = view.measured;
  const choices = presetChoices(times);
  const policy = draftPolicy(draft.timing);
  const own = typeof draft.timing === 'object' && policy !== null ? timingChoice(policy, times) : null;
  const preset = choices.find(({ name }) => name === draft.timing);
  const cutting = draft.clusters.filter(
    ({ storage = 'shared', cutProgram = '' }) => storage === 'shared' && cutProgram.trim() !== '',
  );
  const mounting = draft.clusters.filter(
    ({ storage = 'shared', agentMounts }) => storage === 'shared' && agentMounts === true,
  );
  const chosen = [preset, own].find((choice) => choice?.refusals.length === 0);
  return (
    <>
      <Measured />
      <Presets choices={choices} />
      {cutting.length > 0 && (
        <p className={classes.note}>
          Not counted: a takeover of {cutting.map(({ id }) => id).join(' and ')} waits up to {usualCutSeconds}{' '}
          s more for the program that cuts the other server off from the storage.
        </p>
      )}
      {mounting.length > 0 && (
        <p className={classes.note}>
          Not counted: a takeover of {mounting.map(({ id }) => id).join(' and ')} waits up to{' '}
          {usualMountSeconds} s more until the directory is mounted.
        </p>
      )}
      <OwnTimes choice={own} />
      {chosen && <Drawn choice={chosen} title={timingTitle(draft.timing)} times={times} />}
    </>
  );
}

function Measured() {
  const { view, act, elapsedMs } = useSetup();
  const { work, times, forSeconds, engineSource } = view.measured;
  const running = work.state === 'running';
  const sinceMs = work.sinceMs + elapsedMs;
  return (
    <>
      <div className={classes.measured}>
        <b>
          {running ? 'Measuring' : work.state === 'done' ? `Measured for ${forSeconds} s` : 'Not measured'}
        </b>
        <Figure label="Worst renewal" value={spreadWords(times.renewal, 'worst')} />
        <Figure label="Worst lag" value={spreadWords(times.lag, 'worst')} />
        <Figure label="Kill, D" value={spreadWords(times.kill, 'worst')} />
        <Figure label="Stop, worst" value={spreadWords(times.engineStop, 'worst')} />
        <Figure
          label="Engine start"
          value={
            times.engineStart === null
              ? '?'
              : `${one(times.engineStart.best)} / ${one(times.engineStart.typical)} / ${one(times.engineStart.worst)} s`
          }
        />
        <span className={classes.measuredAge}>
          <span className="small ink3 num">
            {running
              ? `${Math.min(forSeconds, Math.round(sinceMs / 1_000))} of ${forSeconds} s`
              : work.state === 'done'
                ? formatSpan(sinceMs)
                : ''}
          </span>
          <InkButton
            {...(work.state === 'done' && { 'aria-label': 'Measure again' })}
            onClick={() => void act({ act: running ? 'stop-measure' : 'measure' })}
          >
            {running ? 'Stop' : work.state === 'done' ? <RotateCw aria-hidden /> : 'Measure'}
          </InkButton>
        </span>
      </div>
      {engineSource !== null && <p className={classes.note}>{engineSource}</p>}
      {work.state === 'done' && engineSource === null && (
        <p className={classes.note}>
          No journal tells how long these engines start and stop: that is unknown.
        </p>
      )}
      {work.state === 'never' && (
        <Notice kind="waiting" title="Nothing was measured on these servers yet">
          A minute of measuring shows round trips to the lease store’s machine, its disk, how late programs
          wake up and how long a kill takes. Engines are not touched; how long they started and stopped lately
          is read from the journals of their service managers, where these tell it.
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={error.message} error={error} />
      ))}
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <span className={classes.measuredFigure}>
      {label} <b className="num">{value}</b>
    </span>
  );
}

/** Right end of the scale of all bars, in seconds. */
const scaleEnd = 75;

function Presets({ choices }: { readonly choices: readonly PresetChoice[] }) {
  const { draft, edit } = useSetup();
  return (
    <Card title="Presets" note={`no Active after a crash, 0 – ${scaleEnd} s`}>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th>Preset</th>
              <th>T / H / O / K</th>
              <th>When it must stop</th>
              <th>
                <span className="visually-hidden">No Active after a crash</span>
              </th>
              <th className={table.right}>Best</th>
              <th className={table.right}>Typical</th>
              <th className={table.right}>Worst</th>
            </tr>
          </thead>
          <tbody>
            {choices.map((choice) => (
              <PresetRow
                key={choice.name}
                choice={choice}
                chosen={draft.timing === choice.name}
                onChoose={() => edit((now) => ({ ...now, timing: choice.name }))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function PresetRow(props: {
  readonly choice: PresetChoice;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  const { choice, chosen, onChoose } = props;
  const { name, timing, recovery, refusals, cautions } = choice;
  const refused = refusals.length > 0;
  const time = (value: number) => (refused ? '–' : `${recovery.atLeast ? '≥ ' : ''}${one(value)} s`);
  return (
    <>
      <tr className={chosen ? classes.chosenRow : ''}>
        <th scope="row">
          <label className={classes.choice}>
            {refused ? (
              <StateIcon state="danger" />
            ) : (
              <input type="radio" name="preset" checked={chosen} onChange={onChoose} />
            )}
            <span className={refused ? 'ink3' : ''}>{presetTitles[name]}</span>
          </label>
        </th>
        <td className="num">
          {timing.T} / {timing.H} / {timing.O} / {timing.K} s
        </td>
        <td>
          <span className={classes.twoLines}>
            {timing.emergencyStop === 'kill' ? 'kill at once' : 'graceful, then kill'}
            <span className="small ink3">{presetPlaces[name]}</span>
          </span>
        </td>
        <td>
          <RangeBar recovery={recovery} faint={refused} />
        </td>
        <td className={table.right}>{time(recovery.best)}</td>
        <td className={table.right}>
          <b>{time(recovery.typical)}</b>
        </td>
        <td className={table.right}>{time(recovery.worst)}</td>
      </tr>
      {refused && (
        <tr>
          <td colSpan={7}>
            <div className={classes.refusal}>
              <b>Refused here</b>
              {refusals.map(({ formula, numbers, meaning }) => (
                <span key={formula}>
                  <span className="mono">{formula}</span> is <b>{numbers}</b>: {meaning}
                </span>
              ))}
            </div>
          </td>
        </tr>
      )}
      {chosen &&
        !refused &&
        cautions.map((caution) => (
          <tr key={caution}>
            <td colSpan={7}>
              <span className={classes.caution}>
                <StateIcon state="warn" /> {caution}
              </span>
            </td>
          </tr>
        ))}
    </>
  );
}

function RangeBar({ recovery, faint }: { readonly recovery: Spread; readonly faint: boolean }) {
  const x = (value: number) => Math.min(200, (value / scaleEnd) * 200);
  return (
    <svg className={classes.range} viewBox="0 0 200 16" aria-hidden>
      <path className={classes.rangeAxis} d="M0 8 H200" />
      {[0, 1, 2, 3].map((tick) => (
        <path key={tick} className={classes.rangeAxis} d={`M${x(tick * 20) + 0.5} 4 V12`} />
      ))}
      <rect
        className={faint ? classes.rangeFaint : classes.rangeBox}
        x={x(recovery.best)}
        y="4"
        width={Math.max(2, x(recovery.worst) - x(recovery.best))}
        height="8"
        rx="2"
      />
      {!faint && <path className={classes.rangeTypical} d={`M${x(recovery.typical)} 2 V14`} />}
    </svg>
  );
}

function Drawn(props: {
  readonly choice: TimingChoice;
  readonly title: string;
  readonly times: MeasuredTimes;
}) {
  const { choice, title, times } = props;
  const { draft } = useSetup();
  const { T, H, O, K, D } = choice.timing;
  const drift = clockDriftBound(T);
  const needed = Math.max(H, O) + 2 * O + K + drift;
  const cluster = draft.clusters[0];
  const nameOf = (preferred: boolean) => {
    const member = cluster?.members.find((candidate) => candidate.preferred === preferred);
    return draft.servers.find(({ id }) => id === member?.server)?.name ?? (preferred ? 'Active' : 'Passive');
  };
  return (
    <Card
      title={`A power failure with ${title}`}
      note={
        <span className="num">
          <span className="mono">max(H, O) + 2·O + K + δ</span> = {two(Math.max(H, O))} + {two(2 * O)} +{' '}
          {two(K)} + {two(drift)} ={' '}
          <b>
            {two(needed)} s ≤ {T} s
          </b>
          , and <span className="mono">2·D</span> = {two(2 * D)} s ≤ {K} s
        </span>
      }
      right={
        <span className="small ink3">
          {choice.recovery.atLeast ? 'without the engine’s start' : 'typical case'}
        </span>
      }
    >
      <FailureDrawing
        course={failureCourse(choice.timing, times)}
        startKnown={times.engineStart !== null}
        active={nameOf(true)}
        passive={nameOf(false)}
      />
    </Card>
  );
}

function spreadWords(spread: Spread | null, key: keyof Spread): string {
  if (spread === null) return '?';
  const ms = spread[key] * 1_000;
  if (ms < 1) return '< 1 ms';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${one(spread[key])} s`;
}

function one(value: number): string {
  return value.toFixed(1);
}

function two(value: number): string {
  return String(Math.round(value * 100) / 100);
}
