import { parseArgs } from 'node:util';
import { exitCodes, report, type CliCall, type CliOptions } from './cli-call.ts';
import { forceTakeover } from './force-verb.ts';
import { readmit } from './readmit-verb.ts';
import { fenceStatements } from '../../shared/lease/forced.ts';
import {
  cancelScheduleVerb,
  forceVerb,
  moveVerbs,
  policyVerbs,
  readmitVerb,
  reinstateStoreVerb,
  replaceStoreVerb,
  requestVerbs,
  retireStoreVerb,
  scheduleVerb,
  secondPersonVerb,
} from '../../shared/agent-api/agent-api.ts';
import { replaceStore } from './replace-store-verb.ts';
import { retireStoreCall } from './retire-store-verbs.ts';
import { ixhaVerbNames, verbLines, type IxhaVerb } from '../../shared/command-line/ixha-verbs.ts';
import { cancelSchedule, scheduleMove } from './schedule-verbs.ts';
import { requestVerb, requestsVerb, secondPersonCall } from './second-person-verbs.ts';
import { SecondPersonScope, secondPersonScopes } from '../../shared/second-person/scope.ts';
import { policyVerb } from './policy-verbs.ts';
import { openTargets, type Target } from './targets.ts';
import { compareVerb } from './compare-verb.ts';
import { commandVerb } from './command-verbs.ts';
import { evidenceVerb, ledgerVerb } from './evidence-verbs.ts';
import { tellVerb } from './tell-verb.ts';
import { verifyVerb } from './verify-verb.ts';
import { acknowledgeVerb, alarmsVerb } from './alarm-verbs.ts';
import { readinessVerb } from './readiness-verb.ts';
import { journalVerb, statusVerb, watchVerb, whyVerb } from './read-verbs.ts';

/** One handler for each verb; one without does not compile. */
const handlers: Record<IxhaVerb, (call: CliCall) => Promise<number>> = {
  status: statusVerb,
  watch: watchVerb,
  why: whyVerb,
  evidence: evidenceVerb,
  ledger: ledgerVerb,
  journal: journalVerb,
  tell: tellVerb,
  verify: verifyVerb,
  readiness: readinessVerb,
  compare: compareVerb,
  alarms: alarmsVerb,
  acknowledge: acknowledgeVerb,
  ...forEach(moveVerbs, (verb) => (call) => commandVerb(call, verb)),
  ...forEach(policyVerbs, (verb) => (call) => policyVerb(call, verb)),
  requests: requestsVerb,
  ...forEach(requestVerbs, (verb) => (call) => requestVerb(call, verb)),
  [secondPersonVerb]: secondPersonCall,
  [scheduleVerb]: scheduleMove,
  [cancelScheduleVerb]: cancelSchedule,
  [forceVerb]: forceTakeover,
  [readmitVerb]: readmit,
  [replaceStoreVerb]: replaceStore,
  [retireStoreVerb]: (call) => retireStoreCall(call, retireStoreVerb),
  [reinstateStoreVerb]: (call) => retireStoreCall(call, reinstateStoreVerb),
};

function forEach<Verb extends string>(
  verbs: readonly Verb[],
  handler: (verb: Verb) => (call: CliCall) => Promise<number>,
): Record<Verb, (call: CliCall) => Promise<number>> {
  return Object.fromEntries(verbs.map((verb) => [verb, handler(verb)])) as Record<
    Verb,
    (call: CliCall) => Promise<number>
  >;
}

const usage = `Usage: ixha VERB [CLUSTER] [options]

${verbLines()}

  bundle [--out FILE]  everything about this server for a question to support, without secrets and messages

  --to SERVER         the member that shall become Active (switchover, failover, force-takeover);
                      for retire-store what takes the place of the lease store
  --reason TEXT       why, for the journal; for acknowledge your comment
  --alarm NAME        one alarm alone (acknowledge)
  --minutes N         how long, a day at most
  --at TIME --until TIME  the window of a scheduled move: 2026-11-29T22:00, or with a zone of its own
  --move VERB         which move is scheduled: switchover (without it), handover or failback
  --for WHAT          what waits for a second person: ${secondPersonScopes.join(', ')}
  --request ID        a change that waits for a second person, as ixha requests lists it
  --as NAME           on a server: who you are; without it who called sudo
  --fence STATE       what you state of the other server: ${fenceStatements.join(' or ')}
  --typed-name NAME   the cluster's name once more; without it you are asked to type it
  --without-store     also while the lease store does not answer
  --plan              tell what a move would do, what stands in its way and how long it is expected
                      to take, and change nothing (switchover, handover, failback, failover)
  --no-wait           return when the command is accepted
  --json              machine-readable output
  --from N --limit N  part of the journal; tell reads the newest 300 records of each member, or N
  --profile DIR       a workstation's site folder; on a server its own certificate is used
  --server SERVER     only the agents on this server

  --help              this text

Moves print each finished step of both members until the change has ended.

exit codes: 0 done
            1 attention: not everything is as it should be, or refused, rolled back or failed
            2 wrong use
            3 no answer, or the outcome is not known
            4 nothing was changed yet: it waits for a second person`;

/** Runs one verb for a person or a script and returns the exit code. */
export async function runCli(verb: string, args: readonly string[]): Promise<number> {
  if (verb === 'help' || [verb, ...args].some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    return exitCodes.done;
  }
  const known = ixhaVerbNames.find((name) => name === verb);
  if (known === undefined) {
    return misuse(`There is no verb ${verb}. There are: ${ixhaVerbNames.join(', ')}.`);
  }
  const parsed = parse(args);
  if (typeof parsed === 'string') return misuse(parsed);
  if (parsed.options.plan && !moveVerbs.some((move) => move === known)) {
    return misuse(`--plan is for ${moveVerbs.join(', ')}; nothing was asked for.`);
  }
  const targets = openTargets(parsed.profile, parsed.options);
  if (!targets.ok) {
    report(targets.error, parsed.options.json);
    return exitCodes.usage;
  }
  const every = openTargets(parsed.profile, { cluster: undefined, server: undefined });
  const named = (found: readonly Target[]) =>
    parsed.profile === undefined ? found.map((target) => ({ ...target, ...parsed.who })) : found;
  return handlers[known]({
    targets: named(targets.value),
    everyTarget: named(every.ok ? every.value : targets.value),
    options: parsed.options,
    print: (text) => console.log(text),
  });
}

function misuse(sentence: string): number {
  console.error(`ixha: ${sentence}\n  Next: see what there is: ixha help`);
  return exitCodes.usage;
}

const cliOptions = {
  json: { type: 'boolean', default: false },
  profile: { type: 'string' },
  server: { type: 'string' },
  to: { type: 'string' },
  reason: { type: 'string', default: '' },
  minutes: { type: 'string' },
  fence: { type: 'string' },
  'typed-name': { type: 'string' },
  'without-store': { type: 'boolean', default: false },
  at: { type: 'string' },
  until: { type: 'string' },
  move: { type: 'string' },
  for: { type: 'string' },
  request: { type: 'string' },
  as: { type: 'string' },
  alarm: { type: 'string' },
  from: { type: 'string', default: '1' },
  limit: { type: 'string', default: '50' },
  'no-wait': { type: 'boolean', default: false },
  plan: { type: 'boolean', default: false },
} as const;

interface ParsedCall {
  readonly profile: string | undefined;
  readonly options: CliOptions;
  /** Who the person on this server says to be. */
  readonly who: { readonly administrator?: string };
}

/** What was typed, or who called sudo: nobody can check either, and journals say "administrator on" beside it. */
function whoOf(typed: string | undefined): ParsedCall['who'] {
  const name = (typed ?? process.env['SUDO_USER'] ?? '').trim().slice(0, 100);
  return name === '' ? {} : { administrator: name };
}

function parse(args: readonly string[]): ParsedCall | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: cliOptions,
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
    const fence = fenceStatements.find((statement) => statement === values.fence);
    if (values.fence !== undefined && fence === undefined) {
      return `--fence must be one of ${fenceStatements.join(', ')}.`;
    }
    const scope = SecondPersonScope.safeParse(values.for);
    if (values.for !== undefined && !scope.success) {
      return `--for must be one of ${secondPersonScopes.join(', ')}.`;
    }
    const options: CliOptions = {
      json: values.json,
      cluster: positionals[0],
      server: values.server,
      to: values.to,
      reason: values.reason,
      minutes,
      fence,
      typedName: values['typed-name'],
      withoutStore: values['without-store'],
      at: values.at,
      until: values.until,
      move: values.move,
      scope: scope.success ? scope.data : undefined,
      request: values.request,
      alarm: values.alarm,
      from,
      limit,
      wait: !values['no-wait'],
      plan: values.plan,
    };
    return { profile: values.profile ?? process.env['IXHA_PROFILE'], options, who: whoOf(values.as) };
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}.`;
  }
}
