import type { ErrorCode } from '../errors.ts';

/**
 * ok · warning: works, and should be looked at · failed: must be mended first · unknown: could not be
 * seen, which counts as not ready.
 */
export const verdicts = ['ok', 'warning', 'failed', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/** A change that cannot do harm, offered beside a finding. Nothing is changed before it was shown. */
export interface SafeFix {
  /** What a button for it says. */
  readonly title: string;
  /** What changes, as a sentence. */
  readonly change: string;
  /** Run as root on the server, as an argument array. */
  readonly command: readonly string[];
}

/** Why an installation is refused because of a finding. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What the server lacks: joined with others into one refusal. */
  readonly lacks?: string;
}

/** One thing looked at, with what was found and what to do about it. */
export interface PreflightCheck {
  readonly id: string;
  /** Id of the server that it is about; null when it is about two. */
  readonly server: string | null;
  /** Server name, or `north → south` for a way between two. */
  readonly subject: string;
  readonly what: string;
  readonly verdict: Verdict;
  /** A clause about the subject, without its name: `port 7670 is used by another program`. */
  readonly finding: string;
  readonly evidence: readonly string[];
  /** What to do; null where nothing has to be done. */
  readonly remedy: string | null;
  readonly fix: SafeFix | null;
  /** Only a person can answer it. */
  readonly byPerson: boolean;
  readonly refusal: Refusal | null;
}

export type CheckName = Pick<PreflightCheck, 'id' | 'subject' | 'what'> & { readonly server?: string | null };
type More = Partial<Pick<PreflightCheck, 'evidence' | 'fix' | 'byPerson' | 'refusal'>>;

function make(name: CheckName, verdict: Verdict, finding: string, remedy: string | null, more: More = {}) {
  const plain = { server: null, evidence: [], fix: null, byPerson: false, refusal: null };
  return { ...plain, ...name, verdict, finding, remedy, ...more };
}

export function passed(name: CheckName, finding: string, more?: More): PreflightCheck {
  return make(name, 'ok', finding, null, more);
}

export function toLookAt(name: CheckName, finding: string, remedy: string, more?: More): PreflightCheck {
  return make(name, 'warning', finding, remedy, more);
}

export function failedCheck(name: CheckName, finding: string, remedy: string, more?: More): PreflightCheck {
  return make(name, 'failed', finding, remedy, more);
}

/** @param finding says what is missing to know it */
export function unknownCheck(name: CheckName, finding: string, remedy: string, more?: More): PreflightCheck {
  return make(name, 'unknown', finding, remedy, more);
}

/** The checks of one server. */
export function ofServer(server: string, checks: readonly PreflightCheck[]): PreflightCheck[] {
  return checks.map((check) => ({ ...check, server }));
}

/** Names a check among all of a preflight, also in the next one. */
export function checkKey({ id, server, subject, what }: PreflightCheck): string {
  return `${id}@${server ?? subject}: ${what}`;
}

/** What a person sees first, next and last. */
export interface GroupedChecks {
  readonly failed: readonly PreflightCheck[];
  /** Warnings, and what could not be seen. */
  readonly look: readonly PreflightCheck[];
  readonly passed: readonly PreflightCheck[];
}

export function groupChecks(checks: readonly PreflightCheck[]): GroupedChecks {
  const of = (...verdicts: Verdict[]) => checks.filter((check) => verdicts.includes(check.verdict));
  return { failed: of('failed'), look: of('unknown', 'warning'), passed: of('ok') };
}
