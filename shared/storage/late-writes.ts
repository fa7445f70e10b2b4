/** A file of the shared directory by which a late writer can be told, as one look saw it. */
export interface WatchedFile {
  /** Below the directory: `.ixha/probe-south`, `logt/journal-7.log`. */
  readonly name: string;
  readonly bytes: number;
  /** Time of the last change as the storage tells it; only compared for being equal. */
  readonly changed: string;
}

export interface LateWriteContext {
  /** The server that looks and whose agent may write. */
  readonly server: string;
  /** Its epoch, to which the generation was raised before both looks. */
  readonly generation: number;
  /** Its own engine runs, so journals of the present generation may grow. */
  readonly ownEngineWrites: boolean;
}

/**
 * Who wrote between two looks although the generation is ours: the agent of another server, which proves the
 * storage by writing only while it serves, or an engine of an older generation. Each as the end of a sentence.
 */
export function lateWrites(
  before: readonly WatchedFile[],
  after: readonly WatchedFile[],
  context: LateWriteContext,
): string[] {
  return after.flatMap((file) => {
    const known = before.find(({ name }) => name === file.name);
    const same = known !== undefined && known.bytes === file.bytes && known.changed === file.changed;
    const by = same ? null : writerOf(file.name, known === undefined, context);
    return by === null ? [] : [by];
  });
}

function writerOf(name: string, isNew: boolean, context: LateWriteContext): string | null {
  const probe = /^\.ixha\/probe-([A-Za-z0-9_-]{1,32})$/.exec(name)?.[1];
  if (probe !== undefined)
    return probe === context.server ? null : `the agent of ${probe} still writes there`;
  const generation = /^logt\/journal-(\d{1,15})\.log$/.exec(name)?.[1];
  if (generation !== undefined && Number(generation) < context.generation) {
    // An old journal that was not listed before is not a write: only few are listed.
    return isNew ? null : `the journal of generation ${generation} still grows`;
  }
  if (!name.startsWith('logt/') || context.ownEngineWrites) return null;
  return `${name} is written although no engine may run`;
}
