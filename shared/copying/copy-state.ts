/** What lies in a member's own directory, as its script tells it on the memory file system. */
export interface CopyState {
  /** Epoch under which the engine here wrote the data in the directory; 0: never. */
  readonly dataEpoch: number;
  /** Epoch whose data the other member has received to the last byte, after the engine had stopped; 0: none. */
  readonly givenEpoch: number;
  /** The last complete copy that was received here; null: none. */
  readonly whole: WholeCopy | null;
}

export interface WholeCopy {
  readonly epoch: number;
  readonly sequence: number;
  /** Made after the engine had stopped, for a planned move. */
  readonly final: boolean;
  /** When the sender began to read, on the receiver's boot-time clock; null: before this server was started. */
  readonly readAtMs: number | null;
  readonly bytes: number;
  readonly files: number;
  /** For people, by the sender's clock. */
  readonly wallTime: string;
}

/** Reads what copy.sh wrote. What does not look as it should is nothing: unknown, never fine. */
export function readCopyState(text: string): CopyState | null {
  const data = /^data (\d{1,15})$/m.exec(text);
  const given = /^given (\d{1,15})$/m.exec(text);
  if (data === null || given === null) return null;
  return { dataEpoch: Number(data[1]), givenEpoch: Number(given[1]), whole: readWhole(text) };
}

function readWhole(text: string): WholeCopy | null {
  const line =
    /^whole (\d{1,15}) (\d{1,15}) (yes|no) (-|\d{1,15}) (\d{1,15}) (\d{1,18}) (\d{1,9}) (\S{1,30})$/m.exec(
      text,
    );
  if (line === null) return null;
  const [, epoch, sequence, final, receivedMs, tookMs, bytes, files, wallTime = ''] = line;
  return {
    epoch: Number(epoch),
    sequence: Number(sequence),
    final: final === 'yes',
    readAtMs: receivedMs === '-' ? null : Number(receivedMs) - Number(tookMs),
    bytes: Number(bytes),
    files: Number(files),
    wallTime,
  };
}
