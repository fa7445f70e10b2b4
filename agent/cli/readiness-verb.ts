import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { readinessChecks } from '../../shared/readiness/checks/all.ts';
import { memberReadiness, type MemberCheck } from '../../shared/readiness/member-readiness.ts';
import { fetchStatus } from './agent-client.ts';
import { exitCodes, type CliCall } from './cli-call.ts';
import { lookAll, type Looked } from './look-all.ts';
import { nextLines } from './read-verbs.ts';

const marks: Readonly<Record<MemberCheck['verdict'], string>> = {
  ok: 'ok',
  warning: 'look',
  failed: 'FAILED',
  unknown: '?',
  'not-applicable': '-',
};

/**
 * `ixha readiness`: the checks that a member can judge by itself. 0: none is failed or unknown. The whole of it, with
 * balancer, journals and what people answer, is on the console's page.
 */
export async function readinessVerb({ targets, options, print }: CliCall): Promise<number> {
  const seen = await lookAll(targets, fetchStatus);
  const judged = seen.map(({ target, answer, error }) => ({
    cluster: target.cluster,
    server: target.server,
    checks: answer === null ? [] : memberReadiness(answer),
    error,
  }));
  if (options.json) print(JSON.stringify({ members: judged }));
  else {
    for (const [index, { checks }] of judged.entries()) tellMember(seen[index]!, checks, print);
    nextLines(seen).forEach(print);
    print(
      `Of ${readinessChecks.length} checks a member judges ${judgedByMember}; the console tells the others.`,
    );
  }
  if (seen.some(({ answer }) => answer === null)) return exitCodes.unreachable;
  const ready = judged.every(({ checks }) =>
    checks.every(({ verdict }) => verdict !== 'failed' && verdict !== 'unknown'),
  );
  return ready ? exitCodes.done : exitCodes.attention;
}

const judgedByMember = readinessChecks.filter(({ how }) => 'member' in how).length;

function tellMember(
  { target, error }: Looked<MemberSnapshot>,
  checks: readonly MemberCheck[],
  print: (line: string) => void,
): void {
  const name = `${target.cluster} on ${target.server}`;
  if (error !== null) return print(`${name}: ? ${error.message} [${error.code}]`);
  print(name);
  for (const { check, title, verdict, finding, remedy } of checks) {
    print(`  ${marks[verdict].padEnd(6)} ${check} ${title}: ${finding}`);
    if (remedy !== null) print(`         Next: ${remedy}`);
  }
}
