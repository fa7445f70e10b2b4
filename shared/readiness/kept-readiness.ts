import * as z from 'zod/mini';
import { readinessVerdicts, type ReadinessVerdict } from './check.ts';

const Text = z.string().check(z.maxLength(2_000));
const Name = z.string().check(z.minLength(1), z.maxLength(300));
/** What an answer or a snooze is about: the id of a cluster; empty: the site. */
const Subject = z.string().check(z.maxLength(64));
const Day = z.iso.date();

/** What a person has answered to a check that only people can see. */
export const PersonAnswer = z.strictObject({
  met: z.enum(['yes', 'no', 'not-applicable']),
  /** Who stands for it; `by` is who has written it down. */
  owner: Name,
  note: Text,
  /** When it was looked at, and until when that counts. */
  date: Day,
  expires: Day,
  /** Where a document that proves it is kept; empty: there is none. */
  attachment: Text,
  by: z.string(),
});
export type PersonAnswer = z.infer<typeof PersonAnswer>;

/** An open check that a person has put aside for a while. */
export const Snooze = z.strictObject({
  reason: Name,
  by: z.string(),
  since: Day,
  until: Day,
  /** How it stood when it was put aside: once it stands worse, it is not put aside any more. */
  verdict: z.optional(z.enum(readinessVerdicts)),
});
export type Snooze = z.infer<typeof Snooze>;

const about = { check: z.string().check(z.maxLength(8)), subject: Subject };

/** What people have said about the readiness of a site; kept in its profile folder. */
export const KeptReadiness = z.strictObject({
  schema: z.literal(1),
  goalSeconds: z.nullable(z.int().check(z.minimum(1), z.maximum(86_400))),
  answers: z.array(z.strictObject({ ...about, answer: PersonAnswer })).check(z.maxLength(10_000)),
  snoozes: z.array(z.strictObject({ ...about, snooze: Snooze })).check(z.maxLength(10_000)),
});
export type KeptReadiness = z.infer<typeof KeptReadiness>;

export const nothingKept: KeptReadiness = { schema: 1, goalSeconds: null, answers: [], snoozes: [] };

/** What the page asks for. A run goes on in the host; its progress comes with the view. */
export const ReadinessAction = z.discriminatedUnion('act', [
  /** `check` null: all of them. */
  z.strictObject({ act: z.literal('run'), check: z.nullable(z.string().check(z.maxLength(8))) }),
  z.strictObject({
    act: z.literal('answer'),
    ...about,
    met: z.enum(['yes', 'no', 'not-applicable']),
    owner: Name,
    note: Text,
    /** Null: as long as the check says. */
    expires: z.nullable(Day),
    attachment: Text,
  }),
  z.strictObject({ act: z.literal('withdraw'), ...about }),
  z.strictObject({ act: z.literal('snooze'), ...about, reason: Name, until: Day }),
  z.strictObject({ act: z.literal('wake'), ...about }),
  z.strictObject({
    act: z.literal('goal'),
    seconds: z.nullable(z.int().check(z.minimum(1), z.maximum(86_400))),
  }),
]);
export type ReadinessAction = z.infer<typeof ReadinessAction>;

interface Teller {
  readonly name: string;
  /** ISO time. */
  readonly now: string;
  /** How long an answer to this check counts. */
  readonly validDays: number;
  /** How what is spoken of stands now; undefined: it was never judged. */
  readonly verdict?: ReadinessVerdict | undefined;
}

const dayMs = 24 * 3_600_000;

/** What is kept after a person has said something. Pure. */
export function withSaid(
  kept: KeptReadiness,
  action: Exclude<ReadinessAction, { act: 'run' }>,
  { name, now, validDays, verdict }: Teller,
): KeptReadiness {
  if (action.act === 'goal') return { ...kept, goalSeconds: action.seconds };
  const { check, subject } = action;
  const others = <Entry extends { check: string; subject: string }>(entries: readonly Entry[]) =>
    entries.filter((entry) => entry.check !== check || entry.subject !== subject);
  const today = now.slice(0, 10);
  switch (action.act) {
    case 'answer': {
      const { met, owner, note, attachment } = action;
      const until = new Date(Date.parse(now) + validDays * dayMs).toISOString().slice(0, 10);
      const expires = action.expires ?? until;
      const answer = { met, owner, note, date: today, expires, attachment, by: name };
      return { ...kept, answers: [...others(kept.answers), { check, subject, answer }] };
    }
    case 'withdraw':
      return { ...kept, answers: others(kept.answers) };
    case 'snooze': {
      const snooze = { reason: action.reason, by: name, since: today, until: action.until, verdict };
      return { ...kept, snoozes: [...others(kept.snoozes), { check, subject, snooze }] };
    }
    case 'wake':
      return { ...kept, snoozes: others(kept.snoozes) };
  }
}

/**
 * Why an action would replace what another one has said since `before` was read, as a sentence; null: it would not.
 * Pure.
 */
export function saidMeanwhile(
  before: KeptReadiness,
  now: KeptReadiness,
  action: Exclude<ReadinessAction, { act: 'run' }>,
): string | null {
  if (action.act === 'goal') {
    if (before.goalSeconds === now.goalSeconds) return null;
    return `The goal was changed meanwhile: ${now.goalSeconds === null ? 'none' : `${now.goalSeconds} s`}.`;
  }
  const isSame = (entry: { check: string; subject: string }) =>
    entry.check === action.check && entry.subject === action.subject;
  if (action.act === 'answer' || action.act === 'withdraw') {
    const [was, is] = [before.answers.find(isSame)?.answer, now.answers.find(isSame)?.answer];
    if (JSON.stringify(was) === JSON.stringify(is)) return null;
    if (is === undefined) return 'The answer was withdrawn meanwhile.';
    return `${is.by} has answered this meanwhile: ${is.met}, by ${is.owner}.`;
  }
  const [was, is] = [before.snoozes.find(isSame)?.snooze, now.snoozes.find(isSame)?.snooze];
  if (JSON.stringify(was) === JSON.stringify(is)) return null;
  if (is === undefined) return 'It was taken up again meanwhile.';
  return `${is.by} has put this aside meanwhile, until ${is.until}.`;
}
