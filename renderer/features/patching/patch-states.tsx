import { CircleCheck, CircleDashed, Clock, TriangleAlert, Wrench } from 'lucide-react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { PatchStanding } from '../../../shared/patching/patch-standing.ts';
import type { PatchDirection, PatchRun } from '../../../shared/patching/patch-view.ts';
import { standingWords } from '../../../shared/patching/patch-words.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Figure } from '../operations/figure.tsx';
import guided from '../operations/guided.module.css';
import { endsAt } from '../operations/hold-cards.tsx';
import { RequestNotice } from '../second-person/request-line.tsx';
import { PatchStepsCard } from './patch-cards.tsx';
import { PatchFrame } from './patch-frame.tsx';

export interface PatchStateProps {
  readonly standing: PatchStanding;
  /** The last run of this console on this server; null: another console's, or none. */
  readonly run: PatchRun | null;
  readonly mayAct: boolean;
  /** What the person wants next; null: only look. */
  readonly onChoose: (direction: PatchDirection | null) => void;
}

type WithRun = PatchStateProps & { readonly run: PatchRun };

/** Under way: it can be left and found again, and ended after its present step. */
export function PatchRunning({ standing, run }: WithRun) {
  const { patch } = useConsole();
  const out = run.direction === 'out';
  const done = run.steps.filter(({ state }) => state === 'done').length;
  return (
    <PatchFrame
      standing={standing}
      direction={run.direction}
      title={out ? `Taking ${standing.name} out of service` : `Bringing ${standing.name} back`}
      chip={
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          Running
        </Chip>
      }
      current={out ? 'Moving away' : 'Moving back'}
      notes={{
        Confirm: run.by,
        [out ? 'Moving away' : 'Moving back']: `${done} of ${run.steps.length} done`,
      }}
      foot={
        <>
          <span>You may leave this page: it goes on as long as this console runs.</span>
          <InkButton onClick={() => void patch.getState().act({ act: 'stop' })}>
            End after this step
          </InkButton>
        </>
      }
    >
      <Notice kind="waiting" title={run.sentence}>
        A move that has begun ends by itself, whatever happens to this console.
      </Notice>
      {standing.clusters.map(({ sight }) => (
        <RequestNotice key={sight.cluster.id} sight={sight} />
      ))}
      <PatchStepsCard run={run} />
    </PatchFrame>
  );
}

/** How a run ended: done, stopped at a step, or with an outcome that nobody can tell. */
export function PatchEnded({ standing, run, mayAct, onChoose }: WithRun) {
  const { direction, state, sentence } = run;
  const done = state === 'done';
  const out = direction === 'out';
  return (
    <PatchFrame
      standing={standing}
      direction={direction}
      title={endedTitle(run, standing.name)}
      chip={<EndedChip state={state} />}
      current={endedStep(run)}
      notes={{ Confirm: run.by }}
      foot={
        <>
          <span>
            {done ? 'The journals of all members tell every step.' : 'What stands is shown at the right.'}
          </span>
          <InkButton onClick={() => navigate({ page: 'servers' })}>Show the servers</InkButton>
          {mayAct && !done && out && <InkButton onClick={() => onChoose('back')}>Bring it back…</InkButton>}
          {mayAct && !done && (
            <InkButton act="next" onClick={() => onChoose(direction)}>
              {out ? 'Go on taking it out…' : 'Go on bringing it back…'}
            </InkButton>
          )}
        </>
      }
    >
      <Notice
        kind={done ? 'done' : state === 'unknown' ? 'watching' : 'warn'}
        title={sentence}
        urgent={!done}
      >
        {done
          ? 'Look at the verification of each move where it matters.'
          : 'Messages go to each cluster where it is shown Active. Going on plans anew from what stands.'}
      </Notice>
      <PatchStepsCard run={run} />
    </PatchFrame>
  );
}

function endedStep({ direction, state }: PatchRun) {
  if (direction === 'out') return state === 'done' ? 'Patch it' : 'Moving away';
  return state === 'done' ? 'In service' : 'Moving back';
}

function endedTitle({ direction, state }: PatchRun, name: string): string {
  if (state === 'done')
    return direction === 'out' ? `${name} was taken out of service` : `${name} is back in service`;
  const what = direction === 'out' ? `Taking ${name} out of service` : `Bringing ${name} back`;
  return state === 'unknown' ? `${what}: outcome unknown` : `${what} has stopped`;
}

function EndedChip({ state }: { readonly state: PatchRun['state'] }) {
  if (state === 'done') {
    return (
      <Chip tone="quiet" shape="pill" icon={CircleCheck}>
        Done
      </Chip>
    );
  }
  return state === 'unknown' ? (
    <Chip tone="unknown" shape="pill" icon={Clock}>
      Still watching
    </Chip>
  ) : (
    <Chip tone="warn" shape="square" icon={TriangleAlert}>
      Stopped
    </Chip>
  );
}

/** It carries nothing and is held out: the clear word that it may be patched, and the way back. */
export function PatchOut({ standing, run, mayAct, onChoose }: PatchStateProps) {
  const { name, hold, clusters } = standing;
  const leftMs = hold?.leftMs ?? null;
  const until = leftMs === null ? null : endsAt(leftMs);
  return (
    <PatchFrame
      standing={standing}
      direction="out"
      title={`${name} may be patched now`}
      chip={
        <Chip tone="maintenance" shape="square" icon={Wrench}>
          {until === null ? 'Held out' : `Held out until ${until}`}
        </Chip>
      }
      current="Patch it"
      notes={{ Confirm: hold?.by ?? '', 'Patch it': until === null ? '' : `until ${until}` }}
      foot={
        <>
          <span>It goes on if this window is closed, and is found again from every console.</span>
          {mayAct && (
            <>
              <InkButton onClick={() => onChoose('out')}>Hold it out longer…</InkButton>
              <InkButton act="next" onClick={() => onChoose('back')}>
                Bring {name} back…
              </InkButton>
            </>
          )}
        </>
      }
    >
      <section className={guided.figures} aria-label="Held out">
        <Figure
          label="Held out for another"
          value={leftMs === null ? '?' : formatSpan(leftMs)}
          note={until === null ? 'not told' : `until ${until}, by this workstation’s clock`}
        />
        <Figure label="Active on it" value="none" note={`of ${clusters.length} clusters`} />
        <Figure label="Asked to take over" value="no" note="automatic failover is blocked" />
        <Figure label="Engine restarts" value="on" note="on the servers that work" />
      </section>
      <Notice kind="maintenance" title={`${name} carries nothing: ${standingWords(standing)}.`}>
        <p>
          Patch it and start it anew as often as needed. Its gate holds every engine back, and nobody asks it
          to take over. If the other server fails meanwhile, messages wait at the senders.
        </p>
        {hold !== null && (
          <p>
            Asked for by {hold.by}: {hold.reason}
          </p>
        )}
      </Notice>
      {run !== null && <PatchStepsCard run={run} />}
    </PatchFrame>
  );
}

/** Some of it was done and some was not: the console that worked on it was closed, or something came between. */
export function PatchPart({ standing, mayAct, onChoose }: PatchStateProps) {
  const { name, hold } = standing;
  return (
    <PatchFrame
      standing={standing}
      direction="out"
      title={`${name} is partly held out`}
      chip={
        <Chip tone="warn" shape="square" icon={TriangleAlert}>
          Do not patch it yet
        </Chip>
      }
      current="Moving away"
      notes={{ Confirm: hold?.by ?? '' }}
      foot={
        <>
          <span>Both ways begin with a plan of what is left to do.</span>
          {mayAct && (
            <>
              <InkButton onClick={() => onChoose('back')}>Bring it back…</InkButton>
              <InkButton act="next" onClick={() => onChoose('out')}>
                Go on taking it out…
              </InkButton>
            </>
          )}
        </>
      }
    >
      <Notice kind="warn" title={`What stands: ${standingWords(standing)}.`}>
        <p>
          A cluster that is held does not fail over by itself. Messages go to each cluster where it is shown
          Active.
        </p>
        {hold !== null && (
          <p>
            Asked for by {hold.by}: {hold.reason}
            {hold.leftMs !== null && `. It ends by itself in ${formatSpan(hold.leftMs)}`}.
          </p>
        )}
      </Notice>
    </PatchFrame>
  );
}
