/**
 * Which role a member really has, from everything that can be seen of it. Signals that contradict each other are
 * never rounded to the expected role: they lower the confidence, or are a state of their own.
 */
export type RoleSignalName =
  'lease' | 'process' | 'api' | 'components' | 'listeners' | 'journal' | 'active-answer' | 'outsider';

export interface RoleSignal {
  readonly name: RoleSignalName;
  /** What it says for itself; null: it is not known. */
  readonly says: 'active' | 'passive' | null;
  /** What was seen, or why nothing. */
  readonly text: string;
  readonly ageMs: number;
}

export interface RoleAssessment {
  /** conflict: an engine works that must not · none: nobody works here although this member should. */
  readonly role: 'active' | 'passive' | 'conflict' | 'none' | 'unknown';
  readonly confidence: 'high' | 'medium' | 'low';
  readonly sentence: string;
  readonly signals: readonly RoleSignal[];
}

/** An older signal says nothing about now. */
export const signalCountsMs = 15_000;

/** These show whether an engine works; the lease shows whether it may. */
const workNames: readonly RoleSignalName[] = [
  'process',
  'api',
  'components',
  'listeners',
  'journal',
  'active-answer',
];

export function assessRole(told: readonly RoleSignal[]): RoleAssessment {
  const signals = told.map((signal) => (signal.ageMs > signalCountsMs ? outdated(signal) : signal));
  const says = (name: RoleSignalName) => signals.find((signal) => signal.name === name)?.says ?? null;
  const work = signals.filter((signal) => workNames.includes(signal.name));
  const outsider = signals.find((signal) => signal.name === 'outsider' && signal.says === 'active');
  const answer = (
    role: RoleAssessment['role'],
    confidence: RoleAssessment['confidence'],
    sentence: string,
  ) => ({
    role,
    confidence,
    sentence,
    signals,
  });
  if (outsider !== undefined)
    return answer('conflict', 'high', `An engine outside its service: ${outsider.text}.`);
  const [holds, runs] = [says('lease'), says('process')];
  const working = work.filter((signal) => signal.says === 'active');
  if (runs === null || holds === null) {
    const missing = signals.filter(
      ({ name, says: word }) => word === null && ['lease', 'process'].includes(name),
    );
    return answer('unknown', 'low', `Not known: ${missing.map(describe).join(', ') || 'not looked at yet'}.`);
  }
  if (holds === 'passive' && runs === 'active') {
    const confidence = working.length > 1 ? 'high' : 'medium';
    return answer('conflict', confidence, `An engine runs without a lease: ${list(working)}.`);
  }
  if (holds === 'active' && runs === 'passive') {
    return answer('none', agreement(work, 'passive'), 'It holds the lease, but its engine does not run.');
  }
  const role = holds;
  const against = work.filter((signal) => signal.says !== null && signal.says !== role);
  const doubts = against.length === 0 ? '' : `, although ${list(against)}`;
  return answer(role, agreement(work, role), `It is ${wordOf(role)}: ${agreeing(work, role)}${doubts}.`);
}

function outdated(signal: RoleSignal): RoleSignal {
  const seconds = Math.round(signal.ageMs / 1000);
  return { ...signal, says: null, text: `last seen ${seconds} s ago: ${signal.text}` };
}

function agreement(work: readonly RoleSignal[], role: 'active' | 'passive'): RoleAssessment['confidence'] {
  const against = work.filter((signal) => signal.says !== null && signal.says !== role).length;
  const missing = work.filter((signal) => signal.says === null).length;
  if (against === 0 && missing <= 1) return 'high';
  return against <= 1 && missing <= 3 ? 'medium' : 'low';
}

function agreeing(work: readonly RoleSignal[], role: 'active' | 'passive'): string {
  const same = work.filter((signal) => signal.says === role).length;
  const known = work.filter((signal) => signal.says !== null).length;
  return `${same} of ${known} signals agree`;
}

const wordOf = (role: 'active' | 'passive') => (role === 'active' ? 'Active' : 'Passive');
const describe = (signal: RoleSignal) => `${signal.name}, ${signal.text}`;
const list = (signals: readonly RoleSignal[]) => signals.map((signal) => signal.text).join(', ');
