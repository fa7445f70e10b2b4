import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { serverPaths, witnessUser } from './server-paths.ts';
import type { WantedDirectory, WantedFile } from './wanted-files.ts';
import type { WantedEngine, WantedEnrolment, WantedServer } from './wanted-server.ts';

/** One change to one server that places something; nothing is started or stopped by these. */
export type PlacingStep =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'directory'; readonly directory: WantedDirectory }
  | { readonly kind: 'file'; readonly file: WantedFile }
  | {
      readonly kind: 'link';
      readonly path: string;
      readonly target: string;
      readonly restarts: readonly string[];
    }
  | { readonly kind: 'enrol'; readonly enrolment: WantedEnrolment }
  | { readonly kind: 'storage-mark'; readonly engine: WantedEngine }
  | { readonly kind: 'daemon-reload' };

export interface PlannedStep {
  readonly step: PlacingStep;
  /** For people and the transcript. */
  readonly title: string;
  /** False: already as wanted. Enrolment looks again itself, because only the server knows its key. */
  readonly needed: boolean;
}

/**
 * What has to be done on a server so that everything is in its place, in order: the program is whole
 * before the link points to it, and every file is there before the service manager reads again. Pure.
 */
export function planInstall(facts: ServerFacts, wanted: WantedServer): PlannedStep[] {
  const files = wanted.files.filter((file) => file.path !== serverPaths.haproxy);
  const program = files.filter((file) => !file.isUnit);
  const units = files.filter((file) => file.isUnit);
  const fileSteps = (some: readonly WantedFile[]) => some.map((file) => fileStep(facts, file));
  const unitSteps = fileSteps(units);
  return [
    ...(wanted.isWitness ? [userStep(facts, wanted)] : []),
    ...wanted.directories.map((directory) => directoryStep(facts, directory)),
    ...fileSteps(program),
    ...(wanted.units.length > 0 ? [linkStep(facts, wanted)] : []),
    ...wanted.enrolments.map((enrolment): PlannedStep => {
      const title = `key and certificate in ${enrolment.directory}`;
      return { step: { kind: 'enrol', enrolment }, title, needed: true };
    }),
    ...(wanted.observes ? [] : wanted.engines.map((engine) => markStep(facts, engine))),
    ...unitSteps,
    ...(units.length > 0
      ? [
          {
            step: { kind: 'daemon-reload' },
            title: 'service manager reads its files again',
            needed: unitSteps.some((planned) => planned.needed) || needsReload(facts),
          } satisfies PlannedStep,
        ]
      : []),
  ];
}

/** Folders and the program, which do nothing until something is configured. Pure. */
export function isOfProgram(step: PlacingStep): boolean {
  if (step.kind === 'file') return step.file.path.startsWith(`${serverPaths.library}/`);
  return step.kind === 'directory' || step.kind === 'user';
}

/** An installation that was interrupted before the service manager read its files again. */
function needsReload(facts: ServerFacts): boolean {
  return [...facts.units.values()].some((unit) => unit.needsReload);
}

/** Units that run something older than what the steps placed. Pure. */
export function unitsToRestart(done: readonly PlannedStep[]): Set<string> {
  const changed = done.filter((planned) => planned.needed);
  return new Set(
    changed.flatMap(({ step }) => {
      switch (step.kind) {
        case 'file':
          return [...step.file.restarts];
        case 'enrol':
          return [...step.enrolment.restarts];
        case 'link':
          return [...step.restarts];
        default:
          return [];
      }
    }),
  );
}

function userStep(facts: ServerFacts, wanted: WantedServer): PlannedStep {
  // A folder whose group has this name proves that the user exists.
  const seen = wanted.directories.some(
    (directory) =>
      directory.owner.endsWith(`:${witnessUser}`) &&
      facts.folders.get(directory.path)?.owner === directory.owner,
  );
  return { step: { kind: 'user', name: witnessUser }, title: `user ${witnessUser}`, needed: !seen };
}

function directoryStep(facts: ServerFacts, directory: WantedDirectory): PlannedStep {
  const seen = facts.folders.get(directory.path);
  const needed = seen?.mode !== directory.mode || seen.owner !== directory.owner;
  return { step: { kind: 'directory', directory }, title: `folder ${directory.path}`, needed };
}

function fileStep(facts: ServerFacts, file: WantedFile): PlannedStep {
  const seen = facts.files.get(file.path);
  const needed = seen?.sha256 !== file.sha256 || seen.mode !== file.mode || seen.owner !== file.owner;
  return { step: { kind: 'file', file }, title: `file ${file.path}`, needed };
}

function linkStep(facts: ServerFacts, wanted: WantedServer): PlannedStep {
  return {
    step: { kind: 'link', path: serverPaths.currentLink, target: wanted.version, restarts: wanted.units },
    title: `version ${wanted.version} is the current one`,
    needed: facts.currentVersion !== wanted.version,
  };
}

function markStep(facts: ServerFacts, engine: WantedEngine): PlannedStep {
  const share = facts.shares.get(engine.storage.directory);
  const seen = share?.mark;
  // A mark in the folder below a mount would make that folder look like the storage.
  const isThere = engine.storage.mountUnit === undefined || share?.isMount === true;
  return {
    step: { kind: 'storage-mark', engine },
    title: `mark of ${engine.cluster} in ${engine.storage.directory}`,
    needed: isThere && seen !== engine.storage.mark.trim(),
  };
}
