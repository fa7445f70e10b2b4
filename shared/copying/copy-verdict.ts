/**
 * How an attempt to copy a cluster's directory can end: a closed list, each with what it means and what to do. The
 * codes of the script that copies (resources/agent/copy.sh) stand beside them.
 */
interface VerdictMeaning {
  /** Code of the script's refusal; null: concluded by the agent. */
  readonly code: number | null;
  readonly meaning: string;
  readonly next: string;
}

export const copyVerdicts = {
  complete: { code: 0, meaning: 'The other server has a complete copy.', next: 'Nothing to do.' },
  'not-run': {
    code: null,
    meaning: 'The copy could not be made: its script could not be started or did not answer as it should.',
    next: 'Check memory and processes of this server; if they are fine, install the agent there again.',
  },
  'too-slow': {
    code: null,
    meaning: 'The copy took longer than it may and was ended.',
    next: 'Look at the disks of both servers and the network between them.',
  },
  'wrong-use': {
    code: 2,
    meaning: 'The script that copies does not fit the agent.',
    next: 'Install the agent on this server again.',
  },
  'newer-there': {
    code: 30,
    meaning: 'The other server has data of a newer epoch and takes no older copy.',
    next: 'Nothing to do here. This server must not be Active any more.',
  },
  'host-key-changed': {
    code: 31,
    meaning: 'The SSH server of the other member presents another host key than the one that was pinned.',
    next: 'Find out why. If that server was set up anew, run the installation again.',
  },
  'key-refused': {
    code: 32,
    meaning: 'The SSH server of the other member does not let the key of the copy in.',
    next: 'Allow root there by forced command (PermitRootLogin forced-commands-only), or run the installation again.',
  },
  unreachable: {
    code: 33,
    meaning: 'The SSH server of the other member does not answer.',
    next: 'Check that it runs, and that the firewall lets this server reach it.',
  },
  'no-room-there': {
    code: 34,
    meaning: 'There is no room for another copy on the other server.',
    next: 'Make room there: a complete copy is kept while the next one arrives.',
  },
  cut: {
    code: 35,
    meaning: 'The connection ended in the middle of the copy.',
    next: 'Nothing, if it happens once: the next copy goes on with what has arrived.',
  },
  'not-set-up': {
    code: 36,
    meaning: 'What receives the copy is missing on the other server.',
    next: 'Install rsync there, and run the installation again.',
  },
  damaged: {
    code: 37,
    meaning: 'What arrived is not what was sent, so it does not count.',
    next: 'Nothing, if it happens once. Otherwise check memory and disk of both servers.',
  },
  'not-allowed': {
    code: 38,
    meaning: 'The other server understands no copy of this release.',
    next: 'Bring both servers to the same version.',
  },
  'newer-here': {
    code: 40,
    meaning: 'The directory of this server belongs to a newer epoch.',
    next: 'Nothing to do here. This server must not be Active any more.',
  },
  'wrong-one': {
    code: 41,
    meaning: 'A directory does not carry the mark of this cluster.',
    next: 'Correct the mount or the path. Two clusters never share a directory.',
  },
  unwritable: {
    code: 42,
    meaning: 'The folder of the copies cannot be written.',
    next: 'Check the disk of that server and the rights of root there.',
  },
  busy: {
    code: 43,
    meaning: 'Another copy or a takeover is at work in the directory.',
    next: 'Wait. If it stays so, look at the disk of that server.',
  },
  'no-room-here': {
    code: 44,
    meaning: 'There is no room on this server for what is to be sent.',
    next: 'Make room: what is sent is read into a second set of files first.',
  },
  unreadable: {
    code: 45,
    meaning: 'The directory of this server cannot be read.',
    next: 'Check its disk.',
  },
  restless: {
    code: 46,
    meaning: 'Files are renamed faster than they can be copied.',
    next: 'Find out which program does so; an engine renames a log now and then only.',
  },
  'not-placed': {
    code: 49,
    meaning:
      'The newest copy was not placed here, or only in part: what lies here is not sent as the newest.',
    next: 'Nothing is lost on the other server. Remove the cause that its storage could not be taken, then switch over again.',
  },
  'damaged-note': {
    code: 47,
    meaning: 'A note about who may write there is damaged.',
    next: 'Both members tell the epoch they know (ixha status): write the higher one into .ixha/generation.',
  },
  'odd-name': {
    code: 48,
    meaning: 'A file there has a name that cannot be put into a list.',
    next: 'Rename it: no backslash and no line break.',
  },
} as const satisfies Readonly<Record<string, VerdictMeaning>>;

export type CopyVerdictCode = keyof typeof copyVerdicts;

/** Why a copy is not complete, by name. */
export interface CopyFailure {
  readonly code: CopyVerdictCode;
  /** What was seen, as a sentence without its full stop. */
  readonly seen: string;
}

/** The failure that the script told of in its output; null: it told of none. */
export function refusalIn(output: string): CopyFailure | null {
  const match = /^ixha-refused (\d{1,3}) (.{1,400})$/m.exec(output);
  if (match === null) return null;
  const codes = Object.keys(copyVerdicts) as CopyVerdictCode[];
  const code = codes.find((name) => copyVerdicts[name].code === Number(match[1])) ?? 'not-run';
  return { code, seen: match[2] ?? '' };
}
