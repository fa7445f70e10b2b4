import { groupChecks, type PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import type { PreflightOutcome } from '../preflight/run-preflight.ts';

/** All checks as text: what failed, what to look at, what passed; remedies where something is to be done. Pure. */
export function preflightLines({ checks, tookMs, cancelled }: PreflightOutcome): string[] {
  const { failed, look, passed } = groupChecks(checks);
  const seconds = (tookMs / 1000).toFixed(1);
  const sum = `${failed.length} failed, ${look.length} to look at, ${passed.length} passed, in ${seconds} s`;
  return [
    ...group('Failed', failed),
    ...group('Look', look),
    ...group('Passed', passed),
    cancelled ? `Called off: ${sum}. Some checks are missing.` : `${sum}.`,
  ];
}

function group(title: string, checks: readonly PreflightCheck[]): string[] {
  if (checks.length === 0) return [];
  return [`${title} (${checks.length})`, ...checks.flatMap(checkLines), ''];
}

function checkLines({ subject, what, verdict, finding, evidence, remedy, fix }: PreflightCheck): string[] {
  const unknown = verdict === 'unknown' ? 'unknown: ' : '';
  return [
    `  ${subject}  ${what}: ${unknown}${finding}`,
    ...(verdict === 'ok' ? [] : evidence.map((line) => `      - ${line}`)),
    ...(remedy === null ? [] : [`      Next: ${remedy}`]),
    ...(fix === null ? [] : [`      Safe fix: ${fix.command.join(' ')} (${fix.change})`]),
  ];
}
