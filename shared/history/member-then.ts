import type { JournalRecord } from '../agent-api/journal-record.ts';
import { emergencyStopMark, engineDiedMark, peerHeardMark, peerSilentMark } from './change-records.ts';

/** One thing that a journal tells for an instant, with the record that told it last; or why it tells nothing. */
export type ThenFact<Value extends string | number> =
  | {
      readonly value: Value;
      /** Age of the record at that instant, in milliseconds. */
      readonly ageMs: number;
      readonly server: string;
      readonly seq: number;
      readonly sentence: string;
    }
  | { readonly value: null; readonly why: string };

export const roleWords = ['active', 'passive', 'taking-over', 'stopping', 'unknown'] as const;
export type RoleThen = (typeof roleWords)[number];

/** One member at an instant, as its own journal and that of the other member tell it. */
export interface MemberThen {
  readonly cluster: string;
  readonly server: string;
  readonly agent: ThenFact<'runs' | 'stopped'>;
  readonly role: ThenFact<RoleThen>;
  readonly epoch: ThenFact<number>;
  readonly lease: ThenFact<'held' | 'released' | 'lost'>;
  readonly engine: ThenFact<'runs' | 'stopped' | 'died'>;
  readonly store: ThenFact<'answers' | 'silent'>;
  /** Whether it heard the other member. */
  readonly link: ThenFact<'answers' | 'silent'>;
}

/** Names of the facts, in the order in which people read them. */
export const factNames = ['role', 'epoch', 'lease', 'engine', 'store', 'link', 'agent'] as const;

type Teller<Value> = (record: JournalRecord) => Value | null;

/**
 * A member at `atMs`. Pure.
 *
 * @param own its records up to then, oldest first
 * @param others records of the other members of its cluster up to then
 */
export function memberThen(
  own: readonly JournalRecord[],
  others: readonly JournalRecord[],
  atMs: number,
): Omit<MemberThen, 'cluster' | 'server'> {
  const agent = lastTold(own, atMs, agentOf, 'Its journal has no record of the agent up to then.');
  const told = <Value extends string | number>(teller: Teller<Value>, what: string): ThenFact<Value> =>
    unlessStopped(own, atMs, lastTold(own, atMs, teller, `Its journal tells nothing of ${what} up to then.`));
  const role = overtaken(told(roleOf, 'its role'), others);
  // Somebody else became Active since its last word: what it told before says nothing of now.
  const unlessOvertaken = <Value extends string | number>(fact: ThenFact<Value>): ThenFact<Value> =>
    role.value === null && 'overtaken' in role ? without(role) : fact;
  return {
    agent,
    role,
    epoch: lastTold(own, atMs, ({ epoch }) => epoch, 'It has no record up to then.'),
    lease: unlessOvertaken(told(leaseOf, 'the lease')),
    engine: unlessOvertaken(told(engineOf, 'the engine')),
    store: unlessOvertaken(told(storeOf, 'the lease store')),
    link: unlessOvertaken(told(linkOf, 'the other member')),
  };
}

function without({ why }: { readonly why: string }): { readonly value: null; readonly why: string } {
  return { value: null, why };
}

function lastTold<Value extends string | number>(
  own: readonly JournalRecord[],
  atMs: number,
  teller: Teller<Value>,
  why: string,
): ThenFact<Value> {
  for (let at = own.length - 1; at >= 0; at -= 1) {
    const record = own[at]!;
    const value = teller(record);
    if (value === null) continue;
    const { server, seq, sentence } = record;
    return { value, ageMs: Math.max(0, atMs - Date.parse(record.wallTime)), server, seq, sentence };
  }
  return { value: null, why };
}

/** Whoever watched has ended since: what it told last may not be so any more. */
function unlessStopped<Value extends string | number>(
  own: readonly JournalRecord[],
  atMs: number,
  fact: ThenFact<Value>,
): ThenFact<Value> {
  if ('why' in fact) return fact;
  const stopped = own.findLast((record) => agentOf(record) !== null);
  if (stopped === undefined || agentOf(stopped) !== 'stopped' || stopped.seq < fact.seq) return fact;
  const seconds = Math.round((atMs - Date.parse(stopped.wallTime)) / 1000);
  return { value: null, why: `Its agent had stopped ${seconds} s before; until then: ${fact.sentence}` };
}

/** An Active that died wrote nothing. Where another became Active with a higher epoch, it is not known any more. */
function overtaken(
  role: ThenFact<RoleThen>,
  others: readonly JournalRecord[],
): ThenFact<RoleThen> | { readonly value: null; readonly why: string; readonly overtaken: true } {
  if (role.value !== 'active') return role;
  const { seq, server } = role;
  const by = others.findLast(
    (other) => roleOf(other) === 'active' && other.epoch > epochIn(role.sentence, other),
  );
  if (by === undefined) return role;
  const why = `${by.server} became Active with epoch ${by.epoch} after record ${seq} of ${server}, which told nothing more.`;
  return { value: null, why, overtaken: true };
}

/** `ig-north is Active with epoch 4.`; a sentence without a number is taken as older. */
function epochIn(sentence: string, { epoch }: JournalRecord): number {
  const told = /\bepoch (\d+)\b/.exec(sentence)?.[1];
  return told === undefined ? epoch : Number(told);
}

function roleOf({ kind, verdict }: JournalRecord): RoleThen | null {
  return kind === 'role' ? (roleWords.find((word) => word === verdict) ?? 'unknown') : null;
}

function agentOf({ kind, sentence }: JournalRecord): 'runs' | 'stopped' | null {
  if (kind !== 'agent') return 'runs';
  return sentence.startsWith('Agent stopped') ? 'stopped' : 'runs';
}

function leaseOf({ kind, sentence, step, result }: JournalRecord): 'held' | 'released' | 'lost' | null {
  if (kind === 'step' && result === 'ok' && step === 'acquire') return 'held';
  if (kind === 'step' && result === 'ok' && step === 'release') return 'released';
  if (kind !== 'lease') return null;
  if (/^Lease of epoch \d+ granted/.test(sentence)) return 'held';
  if (/^Lease of epoch \d+ released/.test(sentence)) return 'released';
  return /^Lease of epoch \d+ is lost/.test(sentence) ? 'lost' : null;
}

function engineOf({ kind, step, result, verdict }: JournalRecord): 'runs' | 'stopped' | 'died' | null {
  if (verdict === engineDiedMark) return 'died';
  if (kind === 'guard') return 'stopped';
  if (verdict === emergencyStopMark) return result === 'ok' ? 'stopped' : null;
  // A role is observed: Active where its engine runs, Passive where it is seen stopped.
  if (kind === 'role') return verdict === 'active' ? 'runs' : verdict === 'passive' ? 'stopped' : null;
  if (kind !== 'step' || result !== 'ok') return null;
  if (step === 'start-engine') return 'runs';
  return step === 'stop-engine' || step === 'kill-engine' ? 'stopped' : null;
}

function storeOf({ kind, sentence, step, result }: JournalRecord): 'answers' | 'silent' | null {
  if (kind === 'step' && result === 'ok' && (step === 'acquire' || step === 'release')) return 'answers';
  if (kind !== 'lease') return null;
  if (/^The lease store is silent\b|^Peer mode begins\b/.test(sentence)) return 'silent';
  return /^Lease of epoch \d+ (granted|released)|^Peer mode has ended\b/.test(sentence) ? 'answers' : null;
}

function linkOf({ verdict }: JournalRecord): 'answers' | 'silent' | null {
  if (verdict === peerSilentMark) return 'silent';
  return verdict === peerHeardMark ? 'answers' : null;
}
