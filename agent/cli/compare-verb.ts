import {
  returnCourse,
  returnDifferences,
  type ComparedMember,
} from '../../shared/fleet/return-differences.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha compare CLUSTER --server SERVER`: a member that has come back beside the other one. */
export async function compareVerb({ everyTarget, options, print }: CliCall): Promise<number> {
  const { cluster, server, json } = options;
  const members = everyTarget.filter((target) => target.cluster === cluster);
  const own = members.find((target) => target.server === server);
  const other = members.find((target) => target.server !== server);
  if (own === undefined || other === undefined) {
    const next = 'Name both: ixha compare CLUSTER --server SERVER.';
    report(productError('request.invalid', 'Which member is to be compared is not said.', [], next), json);
    return exitCodes.usage;
  }
  const [mine, theirs] = (await Promise.all([own, other].map(told))) as [ComparedMember, ComparedMember];
  const rows = returnDifferences(mine, theirs);
  const course = returnCourse(mine, theirs);
  if (json) print(JSON.stringify({ differences: rows, course }));
  else {
    for (const { what, own: ours, other: its, state, means } of rows) {
      print(
        `${state.padEnd(10)} ${what.padEnd(16)} ${mine.name}: ${ours ?? '?'}  ${theirs.name}: ${its ?? '?'}`,
      );
      if (means !== '') print(`${' '.repeat(28)}${means}`);
    }
    for (const sentence of course) print(sentence);
  }
  if (mine.snapshot === null || theirs.snapshot === null) return exitCodes.unreachable;
  return rows.some(({ state }) => state === 'differs') ? exitCodes.attention : exitCodes.done;
}

async function told(target: CliCall['targets'][number]): Promise<ComparedMember> {
  const status = await fetchStatus(target);
  return { name: target.server, snapshot: status.ok ? status.value : null };
}
