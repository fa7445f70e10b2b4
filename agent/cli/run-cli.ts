import { parseArgs } from 'node:util';
import { exitCodes, report, type CliCall, type CliOptions } from './cli-call.ts';
import { openTargets } from './targets.ts';
import { commandVerb } from './command-verbs.ts';
import { journalVerb, statusVerb, watchVerb, whyVerb } from './read-verbs.ts';

const verbs: Record<string, (call: CliCall) => Promise<number>> = {
  status: statusVerb,
  watch: watchVerb,
  why: whyVerb,
  journal: journalVerb,
  switchover: (call) => commandVerb(call, 'switchover'),
  handover: (call) => commandVerb(call, 'handover'),
};

const usage = `usage: ixha VERB [CLUSTER] [options]

  status              roles, leases and problems, as observed
  watch               one line for every change, until Ctrl+C
  why                 the present decision of every member with its facts
  journal             what was seen, decided and done
  switchover CLUSTER  planned move to the other member, with roll back
  handover CLUSTER    the Active hands over, for example before its server is shut down

  --to SERVER         the member that shall become Active (switchover)
  --reason TEXT       why, for the journal
  --no-wait           return when the command is accepted
  --json              machine-readable output
  --from N --limit N  part of the journal
  --profile DIR       a workstation's site folder; on a server its own certificate is used
  --server SERVER     only the agents on this server

exit codes: 0 done, 1 attention or refused, 2 wrong use, 3 no answer`;

/** Runs one verb for a person or a script and returns the exit code. */
export async function runCli(verb: string, args: readonly string[]): Promise<number> {
  if (verb === 'help' || verb === '--help' || verb === '-h') {
    console.log(usage);
    return exitCodes.done;
  }
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  const parsed = parse(args);
  if (run === undefined || typeof parsed === 'string') {
    console.error(typeof parsed === 'string' ? parsed : `ixha: unknown verb ${verb}`);
    console.error(usage);
    return exitCodes.usage;
  }
  const targets = openTargets(parsed.profile, parsed.options);
  if (!targets.ok) {
    report(targets.error, parsed.options.json);
    return exitCodes.usage;
  }
  return run({ targets: targets.value, options: parsed.options, print: (text) => console.log(text) });
}

function parse(args: readonly string[]): { profile: string | undefined; options: CliOptions } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: {
        json: { type: 'boolean', default: false },
        profile: { type: 'string' },
        server: { type: 'string' },
        to: { type: 'string' },
        reason: { type: 'string', default: '' },
        from: { type: 'string', default: '1' },
        limit: { type: 'string', default: '50' },
        'no-wait': { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1) return `ixha: too many names: ${positionals.join(' ')}`;
    const from = Number(values.from);
    const limit = Number(values.limit);
    if (!Number.isSafeInteger(from) || from < 0) return 'ixha: --from must be a whole number';
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500)
      return 'ixha: --limit must be between 1 and 500';
    const options: CliOptions = {
      json: values.json,
      cluster: positionals[0],
      server: values.server,
      to: values.to,
      reason: values.reason,
      from,
      limit,
      wait: !values['no-wait'],
    };
    return { profile: values.profile ?? process.env['IXHA_PROFILE'], options };
  } catch (error) {
    return `ixha: ${(error as Error).message}`;
  }
}
