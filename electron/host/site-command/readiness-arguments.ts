import type { ReadinessAction } from '../../../shared/readiness/kept-readiness.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Values } from './options.ts';

/** What a person wants to say about readiness; runs are asked for by the verb itself. */
export type SaidOfReadiness = Exclude<ReadinessAction, { act: 'run' }>;

const longestName = 300;
const longestText = 2_000;
const longestGoalSeconds = 86_400;
const metOf = ['yes', 'no', 'not-applicable'] as const;

/** Options of one thing that is said each; what each needs beside it, and what may stand there too. */
const words = {
  answer: ['by', 'comment', 'until', 'document', 'cluster'],
  withdraw: ['cluster'],
  aside: ['why', 'until', 'cluster'],
  'take-up': ['cluster'],
  goal: [],
} as const satisfies Partial<Record<keyof Values, readonly (keyof Values)[]>>;
type Word = keyof typeof words;

/** What a person says with `site readiness`; null: nothing. The error is one line for the person. Pure. */
export function saidOfReadiness(values: Values): Result<SaidOfReadiness | null, string> {
  const said = (Object.keys(words) as Word[]).filter((word) => values[word] !== undefined);
  const [word, another] = said;
  if (another !== undefined) return fail(`--${word} and --${another} exclude each other`);
  const beside = (['by', 'comment', 'until', 'document', 'why', 'cluster'] as const).filter(
    (name) => values[name] !== undefined,
  );
  const allowed: readonly string[] = word === undefined ? [] : words[word];
  const stray = beside.find((name) => !allowed.includes(name));
  if (stray !== undefined) {
    const where = (Object.keys(words) as Word[]).filter((one) =>
      (words[one] as readonly string[]).includes(stray),
    );
    return fail(`--${stray} needs ${where.map((one) => `--${one}`).join(' or ')}`);
  }
  switch (word) {
    case 'goal':
      return goalSaid(values.goal ?? '');
    case 'answer':
      return answerSaid(values);
    case 'aside':
      return asideSaid(values);
    case 'withdraw':
    case 'take-up':
      return takenBack(word, values);
    default:
      return succeed(null);
  }
}

function takenBack(word: 'withdraw' | 'take-up', values: Values): Result<SaidOfReadiness, string> {
  const about = aboutOf(values[word], values.cluster);
  if (about === null) return fail(`--${word} ${values[word]} is no check; say it as H01`);
  return succeed({ act: word === 'withdraw' ? 'withdraw' : 'wake', ...about });
}

function goalSaid(goal: string): Result<SaidOfReadiness, string> {
  if (goal === 'none') return succeed({ act: 'goal', seconds: null });
  const seconds = /^\d{1,5}$/.test(goal) ? Number(goal) : 0;
  if (seconds >= 1 && seconds <= longestGoalSeconds) return succeed({ act: 'goal', seconds });
  return fail(`--goal ${goal} is neither none nor seconds from 1 to ${longestGoalSeconds}`);
}

function answerSaid({
  answer = '',
  by,
  comment = '',
  until,
  document = '',
  cluster,
}: Values): Result<SaidOfReadiness, string> {
  const [, check, word] = /^([A-Z]\d\d):([a-z-]+)$/.exec(answer) ?? [];
  const about = aboutOf(check, cluster);
  const met = metOf.find((one) => one === word);
  if (about === null || met === undefined)
    return fail(`--answer ${answer} is no check and answer; say it as H01:yes, H01:no or H01:not-applicable`);
  if (!isName(by))
    return fail(`--answer needs --by NAME, who stands for it (${longestName} characters at most)`);
  const long = [comment, document].some((text) => text.length > longestText);
  if (long) return fail(`--comment and --document are ${longestText} characters at most`);
  if (until !== undefined && !isDay(until)) return fail(notADay(until));
  const rest = { owner: by, note: comment, expires: until ?? null, attachment: document };
  return succeed({ act: 'answer', ...about, met, ...rest });
}

function asideSaid({ aside = '', why, until, cluster }: Values): Result<SaidOfReadiness, string> {
  const about = aboutOf(aside, cluster);
  if (about === null) return fail(`--aside ${aside} is no check; say it as S01`);
  if (!isName(why)) return fail(`--aside needs --why TEXT (${longestName} characters at most)`);
  if (until === undefined) return fail('--aside needs --until DAY: nothing is put aside for ever');
  return isDay(until) ? succeed({ act: 'snooze', ...about, reason: why, until }) : fail(notADay(until));
}

function aboutOf(check: string | undefined, cluster = ''): { check: string; subject: string } | null {
  return check !== undefined && /^[A-Z]\d\d$/.test(check) ? { check, subject: cluster } : null;
}

function isName(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && text.length <= longestName;
}

/** A day that exists: the 31st of a month with 30 days does not. */
function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function notADay(until: string): string {
  return `--until ${until} is no day; say it as 2026-12-31`;
}
