import type { Command, rehearseVerb } from '../agent-api/agent-api.ts';

/** Verbs that only look. */
export const readVerbs = [
  'status',
  'watch',
  'why',
  'evidence',
  'ledger',
  'journal',
  'tell',
  'verify',
  'readiness',
  'compare',
  'alarms',
  'requests',
] as const;
export type ReadVerb = (typeof readVerbs)[number];
/** A rehearsal is a step of a drill, which watches what comes of it: `site drill` makes it. */
export type IxhaVerb = ReadVerb | 'acknowledge' | Exclude<Command['verb'], typeof rehearseVerb>;

export const verbGroups = ['look', 'move', 'hold', 'repair'] as const;
export type VerbGroup = (typeof verbGroups)[number];

export interface VerbWords {
  readonly group: VerbGroup;
  /** For the help: what it does, without full stop. */
  readonly does: string;
  /** The cluster must be named; the verbs that look tell of all of them without it. */
  readonly needsCluster: boolean;
  /** Options without which it is refused, or that a person should not leave out. */
  readonly options: readonly (
    'to' | 'at' | 'until' | 'minutes' | 'server' | 'fence' | 'typedName' | 'for' | 'request' | 'reason'
  )[];
}

const look = { group: 'look', needsCluster: false, options: [] } as const;
const move = { group: 'move', needsCluster: true } as const;
const hold = { group: 'hold', needsCluster: true } as const;

/**
 * Every verb of `ixha` once: its help, the program's handlers and the console's list of commands are made from this,
 * so that a verb of the agents' API without words here does not compile.
 */
export const ixhaVerbs = {
  status: { ...look, does: 'roles, leases and problems, as observed' },
  watch: { ...look, does: 'one line for every change, until Ctrl+C' },
  why: { ...look, does: 'the present decision of every member with its facts' },
  evidence: {
    ...look,
    does: 'signals of the role, troubles of engine and storage by name, calls the engine knows',
  },
  ledger: { ...look, does: 'where the queues stood before and after the last takeover' },
  journal: { ...look, does: 'what was seen, decided and done' },
  tell: { ...look, does: 'the latest changes as stories: why it took that long, and where the time went' },
  verify: {
    ...look,
    needsCluster: true,
    does: 'the evidence of the last move, line by line: 0 all holds, 1 violated, 3 not known',
  },
  readiness: { ...look, does: 'what each member can see of its readiness, check by check, with remedies' },
  compare: {
    ...look,
    needsCluster: true,
    does: 'the member on --server, for example after it has come back, beside the other one: what differs, and what follows',
    options: ['server'],
  },
  alarms: { ...look, does: 'what asks for attention, by name, and who knows of it' },
  requests: {
    ...look,
    does: 'what waits for a second person, who asked, until when, and what became of the last ones',
  },
  switchover: {
    ...move,
    does: 'planned move to the other member, with roll back',
    options: ['to', 'reason'],
  },
  handover: {
    ...move,
    does: 'the Active hands over, for example before its server is shut down',
    options: ['reason'],
  },
  failback: { ...move, does: 'planned move back to the preferred member', options: ['reason'] },
  failover: {
    ...move,
    does: 'a member takes over now that nobody holds the lease, although it is blocked or not preferred',
    options: ['to', 'reason'],
  },
  schedule: {
    ...move,
    does: 'the Active asks for the move itself between --at TIME and --until TIME, if nothing speaks against it then',
    options: ['at', 'until', 'reason'],
  },
  'cancel-schedule': { ...move, does: 'calls a scheduled move off', options: ['reason'] },
  maintenance: {
    ...hold,
    does: 'for --minutes N: the lease is kept, nothing is started, stopped or moved',
    options: ['minutes', 'reason'],
  },
  'end-maintenance': { ...hold, does: 'ends it now', options: ['reason'] },
  'block-failover': {
    ...hold,
    does: 'for --minutes N: no automatic failover; planned moves go on',
    options: ['minutes', 'reason'],
  },
  'allow-failover': {
    ...hold,
    does: 'automatic failover again, also after it blocked itself',
    options: ['reason'],
  },
  'second-person': {
    ...hold,
    does: 'what waits for a second person: --for none, planned, or forced (forced takeovers too); less than now needs one itself',
    options: ['for', 'reason'],
  },
  agree: {
    ...hold,
    does: 'you are the second person for --request ID: it is judged anew and carried out',
    options: ['request'],
  },
  decline: { ...hold, does: 'you decline --request ID, with a reason', options: ['request', 'reason'] },
  withdraw: {
    ...hold,
    does: 'you take back what you asked for and what waits: --request ID',
    options: ['request', 'reason'],
  },
  acknowledge: {
    ...hold,
    does: 'you know of its alarms, or of --alarm NAME alone: nobody is told again until it changes',
    options: ['reason'],
  },
  'force-takeover': {
    group: 'repair',
    needsCluster: true,
    does: 'a member takes over although nobody can tell that the other one is down: you state that it is',
    options: ['to', 'fence', 'typedName', 'reason'],
  },
  readmit: {
    group: 'repair',
    needsCluster: true,
    does: 'takes the member on --server back: after a forced takeover, or with the state of another machine',
    options: ['server', 'reason'],
  },
  'replace-store': {
    group: 'repair',
    needsCluster: true,
    does: 'has the members belong to an empty lease store that runs in place of a lost one; with --fence the other member is gone for good',
    options: ['reason'],
  },
  'retire-store': {
    group: 'repair',
    needsCluster: true,
    does: 'has a lease store that works grant nothing more, as another takes its place; a step of "site move-store"',
    options: ['to', 'reason'],
  },
  'reinstate-store': {
    group: 'repair',
    needsCluster: true,
    does: 'has a retired lease store grant again, while both members still belong to it',
    options: ['reason'],
  },
} as const satisfies Readonly<Record<IxhaVerb, VerbWords>>;

export const ixhaVerbNames = Object.keys(ixhaVerbs) as IxhaVerb[];

/** The lines of the help that name the verbs, group by group. */
export function verbLines(): string {
  return verbGroups.map((group) => groupLines(group)).join('\n\n');
}

function groupLines(group: VerbGroup): string {
  const lines = ixhaVerbNames
    .filter((verb) => ixhaVerbs[verb].group === group)
    .map((verb) => [ixhaVerbs[verb].needsCluster ? `${verb} CLUSTER` : verb, ixhaVerbs[verb].does] as const);
  const width = Math.max(20, ...lines.map(([call]) => call.length + 2));
  return lines.map(([call, does]) => `  ${call.padEnd(width)}${does}`).join('\n');
}

/** What stands after the options of one call; a value that is not given is a gap to fill in. */
export interface VerbValues {
  readonly cluster: string;
  readonly to?: string;
  readonly server?: string;
  readonly minutes?: number;
  readonly reason?: string;
  readonly request?: string;
  readonly for?: string;
}

/** One call as a person would type it: `ixha switchover WK1 --to ig-south --reason "…"`. */
export function verbCall(verb: IxhaVerb, values: VerbValues): string {
  const options = ixhaVerbs[verb].options.map((option) => {
    if (option === 'reason') return `--reason ${quoted(values.reason ?? '…')}`;
    if (option === 'minutes') return `--minutes ${values.minutes ?? 30}`;
    if (option === 'fence') return `--fence …`;
    if (option === 'typedName') return `--typed-name …`;
    if (option === 'at' || option === 'until') return `--${option} …`;
    return values[option] === undefined ? '' : `--${option} ${values[option]}`;
  });
  return ['ixha', verb, values.cluster, ...options].filter((word) => word !== '').join(' ');
}

/** In double quotes, for a shell of Linux. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"$`]/g, (character) => `\\${character}`)}"`;
}
