import { parseArgs } from 'node:util';
import { exitCodes, report, type CliCall, type CliOptions } from './cli-call.ts';
import { readmit } from './readmit-verb.ts';
import { moveVerbs, policyVerbs, readmitVerb } from '../../shared/agent-api/agent-api.ts';
import { policyVerb } from './policy-verbs.ts';
import { openTargets } from './targets.ts';
import { commandVerb } from './command-verbs.ts';
import { evidenceVerb, ledgerVerb } from './evidence-verbs.ts';
import { journalVerb, statusVerb, watchVerb, whyVerb } from './read-verbs.ts';

const verbs: Record<string, (call: CliCall) => Promise<number>> = {
  status: statusVerb,
  watch: watchVerb,
  why: whyVerb,
  evidence: evidenceVerb,
  ledger: ledgerVerb,
  journal: journalVerb,
  ...Object.fromEntries(moveVerbs.map((verb) => [verb, (call: CliCall) => commandVerb(call, verb)])),
  [readmitVerb]: readmit,
  ...Object.fromEntries(policyVerbs.map((verb) => [verb, (call: CliCall) => policyVerb(call, verb)])),
};

const usage = `Usage: ixha VERB [CLUSTER] [options]

  status              roles, leases and problems, as observed
  watch               one line for every change, until Ctrl+C
  why                 the present decision of every member with its facts
  evidence            signals of the role, troubles of engine and storage by name, calls the engine knows
  ledger              where the queues stood before and after the last takeover
  journal             what was seen, decided and done
  switchover CLUSTER  planned move to the other member, with roll back
  handover CLUSTER    the Active hands over, for example before its server is shut down
  failback CLUSTER    planned move back to the preferred member
  failover CLUSTER    a member takes over now that nobody holds the lease, although it is blocked or not preferred

  maintenance CLUSTER      for --minutes N: the lease is kept, nothing is started, stopped or moved
  end-maintenance CLUSTER  ends it now
  block-failover CLUSTER   for --minutes N: no automatic failover; planned moves go on
  allow-failover CLUSTER   automatic failover again, also after it blocked itself

  readmit CLUSTER          takes the member on --server back although its state is of another machine (clone, new disk)

  --to SERVER         the member that shall become Active (switchover, failover)
  --reason TEXT       why, for the journal
  --minutes N         how long, a day at most
  --no-wait           return when the command is accepted
  --json              machine-readable output
  --from N --limit N  part of the journal
  --profile DIR       a workstation's site folder; on a server its own certificate is used
  --server SERVER     only the agents on this server

  --help              this text

Moves print each finished step of both members until the change has ended.

exit codes: 0 done
            1 attention: not everything is as it should be, or refused, rolled back or failed
            2 wrong use
            3 no answer, or the outcome is not known`;

/** Runs one verb for a person or a script and returns the exit code. */
export async function runCli(verb: string, args: readonly string[]): Promise<number> {
  if (verb === 'help' || [verb, ...args].some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    return exitCodes.done;
  }
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (run === undefined)
    return misuse(`There is no verb ${verb}. There are: ${Object.keys(verbs).join(', ')}.`);
  const parsed = parse(args);
  if (typeof parsed === 'string') return misuse(parsed);
  const targets = openTargets(parsed.profile, parsed.options);
  if (!targets.ok) {
    report(targets.error, parsed.options.json);
    return exitCodes.usage;
  }
  return run({ targets: targets.value, options: parsed.options, print: (text) => console.log(text) });
}

function misuse(sentence: string): number {
  console.error(`ixha: ${sentence}\n  Next: see what there is: ixha help`);
  return exitCodes.usage;
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
        minutes: { type: 'string' },
        from: { type: 'string', default: '1' },
        limit: { type: 'string', default: '50' },
        'no-wait': { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1) return `Only one cluster can be named, not ${positionals.join(' and ')}.`;
    const from = Number(values.from);
    const limit = Number(values.limit);
    if (!Number.isSafeInteger(from) || from < 0) return '--from must be a whole number.';
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500) return '--limit must be between 1 and 500.';
    const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
    if (minutes !== undefined && !(minutes > 0 && minutes <= 24 * 60)) {
      return '--minutes must be above 0, and a day (1440) at most.';
    }
    const options: CliOptions = {
      json: values.json,
      cluster: positionals[0],
      server: values.server,
      to: values.to,
      reason: values.reason,
      minutes,
      from,
      limit,
      wait: !values['no-wait'],
    };
    return { profile: values.profile ?? process.env['IXHA_PROFILE'], options };
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}.`;
  }
}
