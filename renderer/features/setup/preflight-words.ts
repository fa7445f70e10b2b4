import type { SetupCheck, SetupView } from '../../../shared/setup/setup-view.ts';

export interface CheckCounts {
  readonly failed: number;
  readonly warnings: number;
  readonly unknown: number;
  readonly passed: number;
  /** Waiting for a person's word. */
  readonly toConfirm: number;
}

/** Counts the checks; one that a person has confirmed counts as passed. */
export function checkCounts(checks: readonly SetupCheck[], confirmed: readonly string[]): CheckCounts {
  const open = checks.filter(({ id, byPerson }) => !(byPerson && confirmed.includes(id)));
  const count = (verdict: SetupCheck['verdict']) =>
    open.filter((check) => check.verdict === verdict && !check.byPerson).length;
  return {
    failed: count('failed'),
    warnings: count('warning'),
    unknown: count('unknown'),
    passed: count('ok') + (checks.length - open.length),
    toConfirm: open.filter(({ byPerson }) => byPerson).length,
  };
}

/** The state of the preflight as one sentence. */
export function preflightTitle(
  { work, checks, isOfDraft }: SetupView['preflight'],
  confirmed: readonly string[],
): string {
  if (work.state === 'running') return 'Preflight: the servers are being looked at';
  if (work.state === 'failed') return 'Preflight: it could not be finished';
  if (work.state === 'stopped') return 'Preflight: stopped';
  if (work.state === 'never') return 'Preflight: are the servers fit?';
  if (!isOfDraft) return 'Preflight: of an earlier state of this setup';
  const { failed, warnings, unknown, toConfirm } = checkCounts(checks, confirmed);
  const look = warnings + unknown + toConfirm;
  if (failed > 0 && look > 0) return `Preflight: ${number(failed)} to fix, ${number(look)} to look at`;
  if (failed > 0) return `Preflight: ${number(failed)} to fix`;
  return look > 0 ? `Preflight: ${number(look)} to look at` : 'Preflight: all servers are fit';
}

function number(count: number): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  return `${words[count] ?? count} ${count === 1 ? 'thing' : 'things'}`;
}
