import type { JournalRecord } from '../../agent-api/journal-record.ts';
import { emergencyStopMark, engineDiedMark } from '../../history/change-records.ts';
import {
  activeOf,
  clockTime,
  fromOf,
  journalOf,
  otherOf,
  silence,
  stepOf,
  stepWord,
  type MemberSeen,
  type MoveEvidence,
} from '../move-evidence.ts';
import { against, missing, shown, type Sign, type SignSide } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V01 and V04: the engine itself, where it must run and where it must not. */
export const engineLines: readonly Line[] = [
  {
    id: 'V01',
    title: 'One engine only',
    claim: 'Exactly one engine runs, on the member that shall be Active; the other one is stopped and held.',
    proof:
      'The journal of the one before tells that its engine ended under the old epoch, the new one started under a higher one, and now one runs, the other is stopped, and neither server has an engine outside its unit.',
    look: oneEngine,
  },
  {
    id: 'V04',
    title: 'Engine answers',
    claim: 'The engine answers its API, and its version is the one from before.',
    proof: 'Its API answers with the expected form, and the version from before the move is known and equal.',
    look: engineAnswers,
  },
];

function oneEngine(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const ended = engineEnd(e);
  const started = stepOf(e, active.server, 'start-engine');
  return {
    before: ended === null ? null : `ended ${clockTime(ended.wallTime)}`,
    after: started === undefined ? null : `started ${clockTime(started.wallTime)}`,
    signs: [
      endSign(e, ended),
      startSign(e, started),
      runsSign(active),
      stoppedSign(other),
      outsiderSign(active, 'after'),
      outsiderSign(other, 'before'),
      guardSign(other),
    ],
  };
}

const stops: readonly (string | null)[] = ['stop-engine', 'kill-engine'];
const ends: readonly (string | null)[] = [engineDiedMark, emergencyStopMark];

/** The last end of the engine before, by its own journal and under an epoch before the new one. */
export function engineEnd({ records, move }: MoveEvidence): JournalRecord | null {
  const written = records.filter(({ server, epoch }) => server === move.from && epoch < move.epoch);
  const served = written.findLastIndex(({ kind, verdict }) => kind === 'role' && verdict === 'active');
  const since = written.slice(served + 1);
  return (
    since.findLast(({ step, result }) => stops.includes(step) && result === 'ok') ??
    since.findLast(({ verdict }) => ends.includes(verdict)) ??
    null
  );
}

function endSign(e: MoveEvidence, ended: JournalRecord | null): Sign {
  const from = fromOf(e);
  const about = { side: 'before', from: journalOf(from) } as const;
  if (ended !== null) {
    return shown(about, `its engine ended under epoch ${ended.epoch}: ${stepWord(ended)}`);
  }
  if (from.journalMissing !== null) return missing(about, `its journal is not here: ${from.journalMissing}`);
  return missing(about, 'it does not tell when its engine ended, as after a power cut');
}

function startSign(e: MoveEvidence, started: JournalRecord | undefined): Sign {
  const { move } = e;
  const about = { side: 'after', from: journalOf(activeOf(e)) } as const;
  if (started === undefined) return missing(about, 'no start of the engine in this move is told');
  const says = `started under epoch ${started.epoch}: ${stepWord(started)}`;
  return move.epochBefore === null || started.epoch > move.epochBefore
    ? shown(about, says)
    : against({ ...about, lasts: true }, `${says}, not above epoch ${move.epochBefore}`);
}

function runsSign(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name, core: true } as const;
  const value = active.snapshot?.engine.process.value ?? null;
  if (active.snapshot === null) return missing(about, silence(active));
  if (value === null) return missing(about, active.snapshot.engine.process.why ?? 'its process is not known');
  const next = `Look why with: ixha why ${active.snapshot.cluster}.`;
  return value === 'running'
    ? shown(about, 'its engine runs in its unit')
    : against({ ...about, next }, `its engine is ${value}, so nobody processes this cluster`);
}

/** No engine can work on a member whose process is stopped. */
export function stoppedSign(other: MemberSeen): Sign {
  const about = { side: 'before', from: other.name, core: true } as const;
  if (other.snapshot === null) {
    const next = `Bring ${other.name} back, or make sure that it is off, and check again.`;
    return missing({ ...about, next }, silence(other));
  }
  const { value, why } = other.snapshot.engine.process;
  if (value === null) return missing(about, why ?? 'its process is not known');
  if (value === 'stopped') return shown(about, 'its engine is stopped');
  const next = `Stop the engine on ${other.name} at once.`;
  return against({ ...about, next, lasts: true }, `its engine is ${value}`);
}

function outsiderSign(member: MemberSeen, side: SignSide): Sign {
  const about = { side, from: member.name } as const;
  const signal = member.report?.role.signals.find(({ name }) => name === 'outsider');
  if (signal === undefined) return missing(about, `engines outside its unit: ${silence(member)}`);
  if (signal.says === null) return missing(about, `engines outside its unit: ${signal.text}`);
  const next = `End the program named on ${member.name}; it is beyond guards and gate.`;
  return signal.says === 'passive'
    ? shown(about, signal.text)
    : against({ ...about, next, lasts: true }, signal.text);
}

function guardSign(other: MemberSeen): Sign {
  const about = { side: 'before', from: other.name } as const;
  const guards = other.snapshot?.guards ?? null;
  if (guards === null) return missing(about, `its guards: ${silence(other)}`);
  const beating = guards.filter((guard) => guard.beating).length;
  const says = `${beating} of ${guards.length} guards beat`;
  return beating === guards.length && beating > 0 ? shown(about, says) : missing(about, says);
}

function engineAnswers(e: MoveEvidence): Look {
  const active = activeOf(e);
  const now = active.snapshot?.engine.api.value?.version ?? null;
  const was = versionBefore(e);
  return {
    before: was,
    after: now ?? (active.snapshot?.engine.api.value ? 'answers' : null),
    signs: [apiSign(active), versionSign(e, was, now)],
  };
}

function apiSign(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name, core: true } as const;
  if (active.snapshot === null) return missing(about, silence(active));
  const { value, why } = active.snapshot.engine.api;
  if (value !== null) return shown(about, `its API answers in ${Math.round(value.answersInMs)} ms`);
  if (active.snapshot.engine.process.value !== 'running')
    return missing(about, why ?? 'its API was not asked');
  const next = 'Look at the engine’s own logs; what is the matter is named by: ixha evidence.';
  return against({ ...about, next }, why ?? 'its API does not answer');
}

/** What the console saw itself, else what the start of the engine before has told. */
function versionBefore({ earlier, records, move }: MoveEvidence): string | null {
  if (earlier?.version != null) return earlier.version;
  const start = records.findLast(
    ({ server, step, result, epoch }) =>
      server === move.from && step === 'start-engine' && result === 'ok' && epoch < move.epoch,
  );
  return /\bversion (\S+?)\.?$/.exec(start?.sentence ?? '')?.[1] ?? null;
}

function versionSign(e: MoveEvidence, was: string | null, now: string | null): Sign {
  const about = { side: 'before', from: fromOf(e).name } as const;
  if (was === null) return missing(about, 'its version before the move is not known');
  if (now === null) return missing(about, `it was version ${was}; the present one is not told`);
  const next = 'Bring both servers to the same version of the engine.';
  return was === now
    ? shown(about, `it was version ${was} too`)
    : against({ ...about, next }, `it was version ${was}, now it is ${now}`);
}
