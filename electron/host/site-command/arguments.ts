import { parseArgs } from 'node:util';
import type { KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

export const usage = `usage: site keys FILE [--known-hosts FILE] [--pin FINGERPRINT]... [--json]
       site preflight FILE [--profile DIR] [--ask] [--json]
       site install FILE [--profile DIR] [--ask] [--json]
       site upgrade FILE [--server ID] [--unprotected CLUSTER]... [--profile DIR] [--ask] [--json]
       site check FILE [--profile DIR] [--ask] [--json]
       site balancer FILE [--kind KIND] [--json]
       site etcd FILE [--ask] [--json]
       site verify FILE [--profile DIR] [--ask] [--json]
       site repair FILE [--server ID] [--unprotected CLUSTER]... [--plan] [--profile DIR] [--ask] [--json]
       site renew FILE [--server ID] [--unprotected CLUSTER]... [--profile DIR] [--ask] [--json]
       site bundle FILE [--out FILE.tar.gz] [--profile DIR] [--ask] [--json]
       site uninstall FILE [--keep-engine | --stop-engine] [--profile DIR] [--ask] [--json]
       site kit DIR --out KIT [--passphrase-file FILE] [--json]
       site restore KIT --profile DIR [--passphrase-file FILE] [--json]

  keys        shows the host key of every server and whether it is the pinned one; signs in nowhere
  preflight   looks at every server and between them, check by check with remedies; changes nothing that stays
  install     installs or repairs the site; what is already right is not touched
  upgrade     brings this version to the servers one by one, proves each, and goes back by itself
  check       connects, looks, and says what would be refused or changed; changes nothing
  balancer    prints what a load balancer of your own has to be told; signs in nowhere
  etcd        tries the etcd of the site from here and from every member; configures nothing
  verify      comes in through the load balancer and looks which member answers; sends no message
  repair      mends on each server what is not as the installer would put it, and nothing else; no engine is touched
  renew       gives console, lease store and members new certificates, one server after the other
  bundle      collects journals, state, logs and facts of every server for support, without secrets and messages
  uninstall   removes agents, guards, gates and files from every server
  kit         writes a recovery kit of the site in the profile folder DIR: all that a new workstation needs
  restore     makes a new profile folder from a recovery kit
  --server    only this server of the site
  --unprotected  goes on with this cluster although nobody could take over while its agents restart
  --plan      only says what a repair would mend; changes nothing
  --known-hosts  an OpenSSH known_hosts file to compare with; only read
  --pin       writes a key into FILE: SHA256:… after you compared it on the server,
              or known-hosts for every key that the known_hosts file confirms
  --kind      f5, nginx, nginx-plus, keepalived, haproxy or generic (default: the site's own)
  --out       file of the new bundle or recovery kit; one that exists is not replaced
              (a bundle without it: ixha-support-SITE-TIME.tar.gz here)
  --passphrase-file  the kit's passphrase from a file; without it the terminal is asked
  --ask       asks at this terminal what a server or a key asks: second factor, passphrase
  --profile   folder in which this workstation keeps the site (default: FILE's folder and site id)
  --json      one JSON object per line instead of text
  --help      print this and end

exit codes: 0 done, 1 failed with every reason told, 2 wrong usage
`;

interface Common {
  readonly file: string;
  readonly profile: string | undefined;
  readonly json: boolean;
  readonly ask: boolean;
}

export type SiteCommand = Common &
  (
    | { readonly verb: 'install' | 'check' | 'preflight' }
    | { readonly verb: 'verify' }
    | { readonly verb: 'etcd' }
    | {
        readonly verb: 'balancer';
        /** Undefined: the kind that the site document names. */
        readonly kind: KeptBalancerKind | undefined;
      }
    | {
        readonly verb: 'uninstall';
        /** What happens to a running engine when protection is removed; must be said. */
        readonly engine: 'keep' | 'stop' | undefined;
      }
    | {
        readonly verb: 'upgrade' | 'renew';
        /** Only this one; undefined: every server that runs agents. */
        readonly server: string | undefined;
        /** Clusters that a person lets go on without protection. */
        readonly unprotected: readonly string[];
      }
    | {
        /** `file` is a profile folder. */
        readonly verb: 'kit';
        readonly out: string;
        readonly passphraseFile: string | undefined;
      }
    | {
        /** `file` is a kit. */
        readonly verb: 'restore';
        readonly profile: string;
        readonly passphraseFile: string | undefined;
      }
    | {
        readonly verb: 'repair';
        readonly server: string | undefined;
        readonly unprotected: readonly string[];
        /** Only says what it would mend. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'bundle';
        /** Where it goes; undefined: the usual name in the present folder. */
        readonly out: string | undefined;
      }
    | {
        readonly verb: 'keys';
        readonly knownHosts: string | undefined;
        /** Fingerprints that were compared, or `known-hosts`. */
        readonly pins: readonly string[];
      }
  );

const options = {
  profile: { type: 'string' },
  json: { type: 'boolean' },
  ask: { type: 'boolean' },
  'keep-engine': { type: 'boolean' },
  'stop-engine': { type: 'boolean' },
  'known-hosts': { type: 'string' },
  pin: { type: 'string', multiple: true },
  out: { type: 'string' },
  plan: { type: 'boolean' },
  'passphrase-file': { type: 'string' },
  server: { type: 'string' },
  unprotected: { type: 'string', multiple: true },
  kind: { type: 'string' },
} as const;

const verbs: readonly SiteCommand['verb'][] = [
  ...(['keys', 'preflight', 'install', 'upgrade', 'check', 'balancer', 'etcd', 'verify'] as const),
  ...(['repair', 'renew', 'bundle', 'uninstall', 'kit', 'restore'] as const),
];

/** How a balancer is named on the command line. */
const kinds: ReadonlyMap<string, KeptBalancerKind> = new Map([
  ['haproxy', 'own-haproxy'],
  ['f5', 'f5'],
  ['nginx', 'nginx'],
  ['nginx-plus', 'nginx-plus'],
  ['keepalived', 'keepalived'],
  ['generic', 'generic'],
]);

/** Reads the command line. The error is one line for the person. Pure. */
export function readArguments(argv: readonly string[]): Result<SiteCommand, string> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    const [verb, file, ...rest] = positionals;
    if (verb === undefined) return fail('what to do is missing');
    if (!isVerb(verb)) return fail(`unknown command ${verb}`);
    if (file === undefined || rest.length > 0) return fail(`${verb} needs exactly one FILE`);
    const wrong = wrongOptions(verb, values);
    if (wrong !== undefined) return fail(wrong);
    return succeed(commandOf(verb, file, values));
  } catch (cause) {
    return fail((cause as Error).message);
  }
}

/** The command of a verb whose options are known to belong to it. */
function commandOf(verb: SiteCommand['verb'], file: string, values: Values): SiteCommand {
  const { profile, json = false, ask = false } = values;
  const common = { file, profile, json, ask };
  switch (verb) {
    case 'keys':
      return { ...common, verb, knownHosts: values['known-hosts'], pins: values.pin ?? [] };
    case 'upgrade':
    case 'renew':
      return { ...common, verb, server: values.server, unprotected: values.unprotected ?? [] };
    case 'repair': {
      const { server, unprotected = [], plan = false } = values;
      return { ...common, verb, server, unprotected, plan };
    }
    case 'balancer':
      return { ...common, verb, kind: kinds.get(values.kind ?? '') };
    case 'bundle':
      return { ...common, verb, out: values.out };
    case 'uninstall': {
      const engine = values['keep-engine'] ? 'keep' : values['stop-engine'] ? 'stop' : undefined;
      return { ...common, verb, engine };
    }
    case 'kit':
      return { ...common, verb, out: values.out!, passphraseFile: values['passphrase-file'] };
    case 'restore':
      return { ...common, verb, profile: profile!, passphraseFile: values['passphrase-file'] };
    default:
      return { ...common, verb };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** Options that belong to some verbs only, and what is said where they do not belong. */
const optionsOfVerbs: readonly {
  readonly names: readonly (keyof Values)[];
  readonly verbs: readonly SiteCommand['verb'][];
  readonly refusal: (verb: string) => string;
}[] = [
  {
    names: ['keep-engine', 'stop-engine'],
    verbs: ['uninstall'],
    refusal: (verb) => `${verb} does not touch engines`,
  },
  { names: ['known-hosts', 'pin'], verbs: ['keys'], refusal: (verb) => `${verb} pins no keys` },
  {
    names: ['server', 'unprotected'],
    verbs: ['upgrade', 'repair', 'renew'],
    refusal: (verb) => `--server and --unprotected are for upgrade, repair and renew, not for ${verb}`,
  },
  { names: ['plan'], verbs: ['repair'], refusal: (verb) => `--plan is for repair, not for ${verb}` },
  { names: ['kind'], verbs: ['balancer'], refusal: (verb) => `--kind is for balancer, not for ${verb}` },
  {
    names: ['out'],
    verbs: ['bundle', 'kit'],
    refusal: (verb) => `--out is for bundle and kit, not for ${verb}`,
  },
  {
    names: ['passphrase-file'],
    verbs: ['kit', 'restore'],
    refusal: (verb) => `--passphrase-file is for kit and restore, not for ${verb}`,
  },
];

function wrongOptions(verb: SiteCommand['verb'], values: Values): string | undefined {
  const misplaced = optionsOfVerbs.find(
    ({ names, verbs: those }) => !those.includes(verb) && names.some((name) => values[name] !== undefined),
  );
  if (misplaced !== undefined) return misplaced.refusal(verb);
  if (values['keep-engine'] && values['stop-engine'])
    return '--keep-engine and --stop-engine exclude each other';
  if (values.kind !== undefined && !kinds.has(values.kind)) {
    return `--kind ${values.kind} is not known; choose ${[...kinds.keys()].join(', ')}`;
  }
  if (verb === 'kit' && values.out === undefined) return 'kit needs --out KIT';
  if (verb === 'restore' && values.profile === undefined) return 'restore needs --profile DIR';
  return wrongPins(values);
}

function wrongPins({ pin: pins = [], 'known-hosts': knownHosts }: Values): string | undefined {
  const wrong = pins.find((pin) => pin !== 'known-hosts' && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(pin));
  if (wrong !== undefined) return `--pin ${wrong} is no fingerprint (SHA256:…) and not known-hosts`;
  return pins.includes('known-hosts') && knownHosts === undefined
    ? '--pin known-hosts needs --known-hosts FILE'
    : undefined;
}

function isVerb(word: string): word is SiteCommand['verb'] {
  return verbs.some((verb) => verb === word);
}
