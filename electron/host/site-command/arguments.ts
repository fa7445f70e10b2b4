import { parseArgs } from 'node:util';
import { fail, succeed, type Result } from '../../../shared/result.ts';

export const usage = `usage: site install FILE [--profile DIR] [--json]
       site check FILE [--profile DIR] [--json]
       site uninstall FILE [--keep-engine | --stop-engine] [--profile DIR] [--json]

  install     installs or repairs the site; what is already right is not touched
  check       connects, looks, and says what would be refused or changed; changes nothing
  uninstall   removes agents, guards, gates and files from every server
  --profile   folder in which this workstation keeps the site (default: FILE's folder and site id)
  --json      one JSON object per line instead of text
  --help      print this and end

exit codes: 0 done, 1 failed with every reason told, 2 wrong usage
`;

export interface SiteCommand {
  readonly verb: 'install' | 'check' | 'uninstall';
  readonly file: string;
  readonly profile: string | undefined;
  readonly json: boolean;
  /** What happens to a running engine when protection is removed; must be said. */
  readonly engine: 'keep' | 'stop' | undefined;
}

/** Reads the command line. The error is one line for the person. Pure. */
export function readArguments(argv: readonly string[]): Result<SiteCommand, string> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        profile: { type: 'string' },
        json: { type: 'boolean' },
        'keep-engine': { type: 'boolean' },
        'stop-engine': { type: 'boolean' },
      },
    });
    const [verb, file, ...rest] = positionals;
    if (verb !== 'install' && verb !== 'check' && verb !== 'uninstall') {
      return fail(verb === undefined ? 'what to do is missing' : `unknown command ${verb}`);
    }
    if (file === undefined || rest.length > 0) return fail(`${verb} needs exactly one FILE`);
    const { 'keep-engine': keep, 'stop-engine': stop } = values;
    if (keep && stop) return fail('--keep-engine and --stop-engine exclude each other');
    if ((keep || stop) && verb !== 'uninstall') return fail(`${verb} does not touch engines`);
    const engine = keep ? 'keep' : stop ? 'stop' : undefined;
    return succeed({ verb, file, profile: values.profile, json: values.json ?? false, engine });
  } catch (cause) {
    return fail((cause as Error).message);
  }
}
