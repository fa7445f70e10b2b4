import { consoleRoles } from '../../../shared/site/identity.ts';
import { readSince } from '../../../shared/support/server-logs.ts';
import type { SiteCommand } from './commands.ts';
import { kinds, roleNamed, type Values } from './options.ts';

/** Verbs that seal a file with a passphrase, or open one. */
export const sealingVerbs = ['kit', 'restore', 'invite', 'join', 'import'] as const;

/** Options that belong to some verbs only, and what is said where they do not belong. */
const optionsOfVerbs: readonly {
  readonly names: readonly (keyof Values)[];
  readonly verbs: readonly SiteCommand['verb'][];
  readonly refusal: (verb: string) => string;
}[] = [
  {
    names: ['keep-engine', 'stop-engine'],
    verbs: ['uninstall', 'install', 'check'],
    refusal: (verb) => `${verb} does not touch engines`,
  },
  {
    names: ['gone'],
    verbs: ['install', 'check', 'uninstall'],
    refusal: (verb) => `--gone is for install, check and uninstall, not for ${verb}`,
  },
  { names: ['known-hosts', 'pin'], verbs: ['keys'], refusal: (verb) => `${verb} pins no keys` },
  {
    names: ['server'],
    verbs: ['upgrade', 'repair', 'renew', 'revoke', 'rollback', 'patch', 'logs', 'hardening'],
    refusal: (verb) =>
      `--server is for upgrade, repair, renew, revoke, rollback, patch, logs and hardening, not for ${verb}`,
  },
  {
    names: ['since', 'lines', 'follow'],
    verbs: ['logs'],
    refusal: (verb) => `--since, --lines and --follow are for logs, not for ${verb}`,
  },
  {
    names: ['at', 'and', 'from', 'to', 'bundle'],
    verbs: ['history'],
    refusal: (verb) => `--at, --and, --from, --to and --bundle are for history, not for ${verb}`,
  },
  {
    names: ['copy'],
    verbs: ['configuration'],
    refusal: (verb) => `--copy is for configuration, not for ${verb}`,
  },
  {
    names: ['minutes', 'back'],
    verbs: ['patch'],
    refusal: (verb) => `--minutes and --back are for patch, not for ${verb}`,
  },
  {
    names: ['unprotected'],
    verbs: ['upgrade', 'repair', 'renew', 'revoke'],
    refusal: (verb) => `--unprotected is for upgrade, repair, renew and revoke, not for ${verb}`,
  },
  {
    names: ['break-lock'],
    verbs: [
      ...(['install', 'arm', 'observe', 'upgrade', 'repair', 'renew', 'revoke'] as const),
      ...(['move-store', 'rollback', 'uninstall', 'configuration'] as const),
    ],
    refusal: (verb) => `--break-lock is for what changes servers, not for ${verb}`,
  },
  {
    names: ['lost', 'console', 'serial'],
    verbs: ['revoke'],
    refusal: (verb) => `--lost, --console and --serial are for revoke, not for ${verb}`,
  },
  {
    names: ['why'],
    verbs: ['revoke', 'drill', 'patch', 'readiness'],
    refusal: (verb) => `--why is for revoke, drill, patch and readiness, not for ${verb}`,
  },
  {
    names: ['cluster'],
    verbs: ['drill', 'proof', 'configuration', 'history', 'readiness'],
    refusal: (verb) => `--cluster is for drill, proof, configuration, history and readiness, not for ${verb}`,
  },
  { names: ['with'], verbs: ['import'], refusal: (verb) => `--with is for import, not for ${verb}` },
  { names: ['every'], verbs: ['drill'], refusal: (verb) => `--every is for drill, not for ${verb}` },
  { names: ['level'], verbs: ['drill'], refusal: (verb) => `--level is for drill, not for ${verb}` },
  {
    names: ['probe', 'typed-name'],
    verbs: ['drill'],
    refusal: (verb) => `--probe and --typed-name are for drill, not for ${verb}`,
  },
  {
    names: ['operation', 'look', 'seen', 'sign', 'judge'],
    verbs: ['proof'],
    refusal: (verb) => `--operation, --look, --seen, --sign and --judge are for proof, not for ${verb}`,
  },
  {
    names: ['by', 'comment'],
    verbs: ['proof', 'readiness'],
    refusal: (verb) => `--by and --comment are for proof and readiness, not for ${verb}`,
  },
  {
    names: ['answer', 'withdraw', 'aside', 'take-up', 'until', 'document', 'goal', 'trend'],
    verbs: ['readiness'],
    refusal: (verb) =>
      `--answer, --withdraw, --aside, --take-up, --until, --document, --goal and --trend are for readiness, not for ${verb}`,
  },
  {
    names: ['plan'],
    verbs: ['repair', 'rollback', 'move-store', 'arm', 'patch', 'import', 'pull'],
    refusal: (verb) =>
      `--plan is for repair, rollback, move-store, arm, patch, import and pull, not for ${verb}`,
  },
  {
    names: ['format'],
    verbs: ['readiness', 'drill', 'proof', 'history'],
    refusal: (verb) => `--format is for readiness, drill, proof and history, not for ${verb}`,
  },
  { names: ['fault'], verbs: ['behaviour'], refusal: (verb) => `--fault is for behaviour, not for ${verb}` },
  { names: ['kind'], verbs: ['balancer'], refusal: (verb) => `--kind is for balancer, not for ${verb}` },
  {
    names: ['out'],
    verbs: ['bundle', 'kit', 'export', 'readiness', 'drill', 'proof', 'invite', 'history'],
    refusal: (verb) =>
      `--out is for bundle, kit, export, readiness, drill, proof, invite and history, not for ${verb}`,
  },
  {
    names: ['name', 'role', 'days'],
    verbs: ['invite'],
    refusal: (verb) => `--name, --role and --days are for invite, not for ${verb}`,
  },
  {
    names: ['passphrase-file'],
    verbs: sealingVerbs,
    refusal: (verb) => `--passphrase-file is for kit, restore, invite, join and import, not for ${verb}`,
  },
];

/** Why options do not fit the verb or one another, as one line; undefined: they do. Pure. */
export function wrongOptions(verb: SiteCommand['verb'], values: Values): string | undefined {
  const misplaced = optionsOfVerbs.find(
    ({ names, verbs: those }) => !those.includes(verb) && names.some((name) => values[name] !== undefined),
  );
  if (misplaced !== undefined) return misplaced.refusal(verb);
  if (values['keep-engine'] && values['stop-engine'])
    return '--keep-engine and --stop-engine exclude each other';
  if (values.kind !== undefined && !kinds.has(values.kind)) {
    return `--kind ${values.kind} is not known; choose ${[...kinds.keys()].join(', ')}`;
  }
  if (values.fault !== undefined && !/^(\d{1,3}|[a-z]+(-[a-z]+)*)$/.test(values.fault)) {
    return `--fault ${values.fault} is neither a number nor a name of the list of faults`;
  }
  return wrongOfVerb(verb, values) ?? wrongPins(values);
}

function wrongLogs({ since, lines }: Values): string | undefined {
  if (since !== undefined && readSince(since) === null)
    return `--since ${since} is no time; say 10min, 2h, 3d or 2026-05-01T08:00Z`;
  return lines === undefined || /^[1-9]\d{0,3}$/.test(lines)
    ? undefined
    : `--lines ${lines} is no number of lines`;
}

/** What one verb needs, or does not bear. */
function wrongOfVerb(verb: SiteCommand['verb'], values: Values): string | undefined {
  const named = [values.server, values.console, values.serial].filter((name) => name !== undefined);
  if (verb === 'revoke' && named.length > 1) return '--server, --console and --serial exclude each other';
  if (values.lost && values.server === undefined) return '--lost needs --server ID';
  if (verb === 'rollback' && values.server === undefined) return 'rollback needs --server ID';
  if (verb === 'kit' && values.out === undefined) return 'kit needs --out KIT';
  if (verb === 'export' && values.out === undefined) return 'export needs --out FILE';
  if ((verb === 'restore' || verb === 'join') && values.profile === undefined) {
    return `${verb} needs --profile DIR`;
  }
  if (verb === 'invite') return wrongInvitation(values);
  if (verb === 'logs') return wrongLogs(values);
  if (values.copy && values.cluster === undefined) return '--copy needs --cluster ID';
  return undefined;
}

function wrongInvitation({ name, role, days, out }: Values): string | undefined {
  if (name === undefined || out === undefined) return 'invite needs --name NAME, --role ROLE and --out FILE';
  if (roleNamed(role) === undefined) return `invite needs --role ${consoleRoles.join(', ')}`;
  return days === undefined || /^\d{1,4}$/.test(days) ? undefined : `--days ${days} is no number of days`;
}

function wrongPins({ pin: pins = [], 'known-hosts': knownHosts }: Values): string | undefined {
  const wrong = pins.find((pin) => pin !== 'known-hosts' && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(pin));
  if (wrong !== undefined) return `--pin ${wrong} is no fingerprint (SHA256:…) and not known-hosts`;
  return pins.includes('known-hosts') && knownHosts === undefined
    ? '--pin known-hosts needs --known-hosts FILE'
    : undefined;
}
