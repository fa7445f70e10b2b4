import { changesIn, tellChange, type ToldChange } from '../../shared/history/told-change.ts';
import { exitCodes, type CliCall } from './cli-call.ts';
import { readJournals } from './read-journals.ts';

/** A planned move writes about 70 records: enough for a few of them. */
const recordsRead = 300;

/** `ixha tell`: the changes that the newest records tell of, each as a story, the newest last. */
export async function tellVerb({ targets, options, print }: CliCall): Promise<number> {
  const limit = Math.max(options.limit, recordsRead);
  const { records, missing } = await readJournals(targets, { ...options, limit });
  const told = changesIn(records)
    .map((operation) => tellChange(records, operation))
    .filter((change) => change !== null)
    .reverse();
  if (options.json) print(JSON.stringify({ changes: told, missing }));
  else {
    if (told.length === 0) print('The newest records tell of no change. Read more of them: --limit 500.');
    told.flatMap(storyLines).forEach((line) => print(line));
    for (const { cluster, server, error } of missing) print(`? ${cluster} on ${server}: ${error.message}`);
  }
  return missing.length > 0 ? exitCodes.unreachable : exitCodes.done;
}

function storyLines(change: ToldChange): string[] {
  const { title, askedBy, beganAt, ended, withoutActiveMs, parts, why, lines } = change;
  const outcome = ended === null ? 'its end is not told' : ended.sentence.replace(/\.$/, '');
  const without = withoutActiveMs === null ? '' : `${seconds(withoutActiveMs)} without an Active`;
  return [
    `${beganAt}  ${title}, ${askedBy === null ? 'by rule' : `asked for by ${askedBy}`}: ${outcome}`,
    `  ${without === '' ? '' : `${without}. `}${why}`,
    ...parts.map(
      ({ what, ms, why: because, betweenClocks }) =>
        `  ${seconds(ms).padStart(8)}  ${what}: ${because}${betweenClocks ? ' (between two clocks)' : ''}`,
    ),
    ...lines.map(
      ({ atMs, server, what, ruleId, sentence }) =>
        `  ${`${atMs < 0 ? '' : '+'}${(atMs / 1000).toFixed(1)}`.padStart(8)}  ${server.padEnd(12)} ${what.padEnd(8)} ${(ruleId ?? '').padEnd(4)} ${sentence}`,
    ),
    '',
  ];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
