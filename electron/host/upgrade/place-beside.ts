import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { executeStep } from '../install/execute-step.ts';
import { planInstall, type PlannedStep } from '../install/plan.ts';
import type { SiteKeys } from '../install/profile.ts';
import { reuseFiles } from '../install/reuse-files.ts';
import { serverPaths } from '../install/server-paths.ts';
import { inOrder, inParallel, lookAt, type ServerWork } from '../install/server-work.ts';
import { recorded, type RecordProgress } from '../install/transcript.ts';
import { lookAtVersions, tryProgram } from './server-versions.ts';

/**
 * Puts the whole new program beside the one that works, each file by its digest, starts it once, and looks at the
 * server anew: whatever can be done before any server is touched. Answers what was seen last.
 */
export async function placeBeside(
  work: ServerWork,
  keys: SiteKeys,
  record: RecordProgress,
): Promise<Result<ServerWork, ProductError>> {
  const { wanted, connection } = work;
  const { id } = wanted.server;
  const steps = planInstall(work.facts, wanted).filter(({ needed, step }) => needed && isBeside(step));
  const carryOut = ({ step, title }: PlannedStep) =>
    recorded(record, id, title, () => executeStep(connection, step, keys));
  const folders = await inOrder(
    steps.filter(({ step }) => step.kind === 'directory'),
    carryOut,
  );
  if (!folders.ok) return fail(folders.error[0]!);
  const missing = await notReused(work, steps, record);
  if (!missing.ok) return missing;
  const sent = await inParallel(missing.value, carryOut);
  if (!sent.ok) return fail(sent.error[0]!);
  const started = await startOnce(work, record);
  return started.ok ? lookAnew(work, record) : started;
}

function isBeside(step: PlannedStep['step']): boolean {
  const path = step.kind === 'file' ? step.file.path : step.kind === 'directory' ? step.directory.path : '';
  return path.startsWith(`${serverPaths.library}/`);
}

/** The files that must be sent, after those that another version has were given a second name. */
async function notReused(
  { wanted, connection }: ServerWork,
  steps: readonly PlannedStep[],
  record: RecordProgress,
): Promise<Result<PlannedStep[], ProductError>> {
  const files = steps.flatMap(({ step }) => (step.kind === 'file' ? [step.file] : []));
  if (files.length === 0) return succeed([]);
  let there: ReadonlySet<string> = new Set();
  const title = 'files that another version has already';
  const reused = await recorded(record, wanted.server.id, title, async () => {
    const found = await reuseFiles(connection, files);
    if (!found.ok) return found;
    there = found.value;
    return succeed(there.size > 0);
  });
  if (!reused.ok) return reused;
  return succeed(steps.filter(({ step }) => step.kind === 'file' && !there.has(step.file.path)));
}

async function startOnce(
  { wanted, connection }: ServerWork,
  record: RecordProgress,
): Promise<Result<boolean, ProductError>> {
  const seen = await lookAtVersions(connection, wanted.units);
  if (!seen.ok) return seen;
  // A server that a change of version was interrupted on is first judged, and brought back if it must be.
  if (seen.value.unproven) return succeed(false);
  return recorded(record, wanted.server.id, `the program of ${wanted.version} starts`, async () => {
    const tried = await tryProgram(connection, wanted.version);
    return tried.ok ? succeed(false) : tried;
  });
}

async function lookAnew(work: ServerWork, record: RecordProgress): Promise<Result<ServerWork, ProductError>> {
  const { wanted, connection } = work;
  let { facts } = work;
  const looked = await recorded(record, wanted.server.id, 'look at the server anew', async () => {
    const now = await lookAt(connection, wanted);
    if (!now.ok) return now;
    facts = now.value;
    return succeed(false);
  });
  return looked.ok ? succeed({ ...work, facts }) : looked;
}
