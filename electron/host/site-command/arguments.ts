import { parseArgs } from 'node:util';
import { everyDaysAtLeast, everyDaysAtMost } from '../../../shared/drills/drill-calendar.ts';
import { drillKinds, drillWords } from '../../../shared/drills/drill-record.ts';
import { longestHoldMinutes } from '../../../shared/patching/patch-view.ts';
import { reportFormats, type ReportFormat } from '../../../shared/report/report-formats.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { usualInvitationDays } from '../../../shared/workstations/workstations-view.ts';
import type { RevokeOrder } from '../revocation/revoke-order.ts';
import { logLimits, readSince } from '../../../shared/support/server-logs.ts';
import type { Common, SiteCommand } from './commands.ts';
import { kinds, options, roleNamed, type Values } from './options.ts';
import { historyCommand } from './history-arguments.ts';
import { saidOfReadiness } from './readiness-arguments.ts';
import { saidOfProof } from './said-of-proof.ts';
import { sealingVerbs, wrongOptions } from './wrong-options.ts';

const usualLogLines = 500;

const verbs: readonly SiteCommand['verb'][] = [
  ...(['keys', 'preflight', 'install', 'arm', 'observe', 'upgrade', 'check', 'balancer'] as const),
  ...(['etcd', 'verify', 'repair', 'renew', 'revoke', 'pull', 'bundle', 'move-store'] as const),
  ...(['uninstall', 'kit', 'restore', 'advise', 'behaviour', 'readiness', 'drill', 'proof'] as const),
  ...(['patch', 'logs', 'hardening', 'export', 'import', 'configuration', 'history'] as const),
  ...(['invite', 'join', 'workstations', 'notify-test', 'notify-secrets', 'rollback'] as const),
];

/** Reads the command line. The error is one line for the person. Pure. */
export function readArguments(argv: readonly string[]): Result<SiteCommand, string> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    const [verb, file, ...rest] = positionals;
    if (verb === undefined) return fail('what to do is missing');
    if (!isVerb(verb)) return fail(`unknown command ${verb}`);
    if (verb === 'readiness') return readinessCommand(file, rest, values);
    if (verb === 'drill') return drillCommand(file, rest, values);
    if (verb === 'patch') return patchCommand(file, rest, values);
    if (verb === 'proof') return proofCommand(file, rest, values);
    if (verb === 'pull') return pullCommand(file, rest, values);
    if (verb === 'history') return historyCommand(file, rest, values);
    if (verb === 'advise') return adviseCommand(file, rest, values);
    if (file === undefined || rest.length > 0) return fail(`${verb} needs exactly one FILE`);
    const wrong = wrongOptions(verb, values);
    if (wrong !== undefined) return fail(wrong);
    return succeed(verb === 'behaviour' ? behaviourCommand(file, values) : commandOf(verb, file, values));
  } catch (cause) {
    return fail((cause as Error).message);
  }
}

/** Why a verb that may do with a profile folder instead of a file cannot be carried out; undefined: it can. */
function wrongPlace(
  verb: 'readiness' | 'drill' | 'patch' | 'proof' | 'pull' | 'advise',
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): string | undefined {
  if (rest.length > 0 || (file === undefined && values.profile === undefined))
    return `${verb} needs exactly one FILE, or --profile DIR`;
  return wrongOptions(verb, values);
}

/** How long a server is held out when nothing is said. */
const usualHoldMinutes = 60;

function patchCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, server, back = false, plan = false, why = '' } = values;
  const wrong = wrongPlace('patch', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  if (server === undefined) return fail('patch needs --server ID');
  if (!plan && why === '') return fail('patch needs --why TEXT, or --plan to only look');
  if (back && values.minutes !== undefined) return fail('--minutes and --back exclude each other');
  const minutes = values.minutes === undefined ? usualHoldMinutes : Number(values.minutes);
  if (!(minutes > 0 && minutes <= longestHoldMinutes))
    return fail(`--minutes must be above 0, and a day (${longestHoldMinutes}) at most`);
  const order = { server, direction: back ? 'back' : 'out', minutes, reason: why } as const;
  const common = { file: file ?? '', profile, json, ask, breakLock: undefined };
  return succeed({ ...common, verb: 'patch', order, plan });
}

function adviseCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false } = values;
  const wrong = wrongPlace('advise', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  return succeed({ verb: 'advise', file: file ?? '', profile, json, ask, breakLock: undefined });
}

function pullCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, plan = false } = values;
  const wrong = wrongPlace('pull', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  if (plan && file !== undefined) return fail('--plan of pull needs --profile DIR and no FILE');
  return succeed({ verb: 'pull', file: file ?? '', profile, json, ask, breakLock: undefined, plan });
}

/** Days between two drills; null: as usual; undefined: nothing is said. */
function intervalOf(text: string | undefined): Result<number | null | undefined, string> {
  if (text === undefined) return succeed(undefined);
  if (text === 'usual') return succeed(null);
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= everyDaysAtLeast && days <= everyDaysAtMost
    ? succeed(days)
    : fail(`--every takes days from ${everyDaysAtLeast} to ${everyDaysAtMost}, or usual, not ${text}`);
}

function drillCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, out } = values;
  const wrong = wrongPlace('drill', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  const formats = formatsOf(values);
  if (!formats.ok) return formats;
  const chosen = chosenDrill(values);
  if (!chosen.ok) return chosen;
  const { order, interval } = chosen.value;
  const ofOne = [out, values.probe, values['typed-name'], values.why || undefined, formats.value[0]];
  if (order === null && ofOne.some((value) => value !== undefined))
    return fail(
      '--format, --out, --probe, --typed-name and --why need a drill that is made: --cluster and --level without --every',
    );
  const common = { file: file ?? '', profile, json, ask, breakLock: undefined };
  return succeed({ ...common, verb: 'drill', order, interval, formats: formats.value, out });
}

/** The drill that is named, to be made or to be planned; nulls: none is. */
function chosenDrill(
  values: Values,
): Result<Pick<Extract<SiteCommand, { verb: 'drill' }>, 'order' | 'interval'>, string> {
  const { cluster, level, why = '', probe, 'typed-name': typedName } = values;
  const every = intervalOf(values.every);
  if (!every.ok) return every;
  if ((cluster === undefined) !== (level === undefined)) return fail('--cluster and --level belong together');
  const kind = drillKinds.find((one) => one === level || String(drillWords[one].level) === level);
  if (level !== undefined && kind === undefined)
    return fail(`--level ${level} is not known; choose 0, 1, 2 or 3, or one of ${drillKinds.join(', ')}`);
  if (cluster === undefined || kind === undefined)
    return every.value === undefined
      ? succeed({ order: null, interval: null })
      : fail('--every needs the drill that it is about: --cluster and --level');
  return succeed(
    every.value === undefined
      ? { order: { cluster, kind, reason: why, probe, typedName }, interval: null }
      : { order: null, interval: { cluster, kind, everyDays: every.value } },
  );
}

function readinessCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, out, trend = false } = values;
  const wrong = wrongPlace('readiness', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  const said = saidOfReadiness(values);
  if (!said.ok) return said;
  const formats = formatsOf(values);
  if (!formats.ok) return formats;
  const common = { file: file ?? '', profile, json, ask, breakLock: undefined };
  return succeed({ ...common, verb: 'readiness', said: said.value, trend, formats: formats.value, out });
}

const lookNamed = /^(?:[1-9]\d{0,4}|[\da-f]{8,64})$/;

function proofCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, out, cluster, operation, look } = values;
  const wrong = wrongPlace('proof', file, rest, values);
  if (wrong !== undefined) return fail(wrong);
  if (cluster === undefined) return fail('proof needs --cluster ID');
  const said = saidOfProof(values);
  if (!said.ok) return said;
  const formats = formatsOf(values);
  if (!formats.ok) return formats;
  const common = { file: file ?? '', profile, json, ask, breakLock: undefined };
  const move = { cluster, operation: operation ?? null, look: look ?? null };
  if (look !== undefined && !lookNamed.test(look))
    return fail(`--look ${look} is neither the number of a look nor how its sha256 begins`);
  if (look !== undefined && said.value !== null)
    return fail('--look shows what is kept; --sign and --judge are for the newest look');
  return succeed({ ...common, verb: 'proof', ...move, said: said.value, formats: formats.value, out });
}

function behaviourCommand(file: string, values: Values): SiteCommand {
  const { profile, json = false, ask = false, fault } = values;
  return {
    verb: 'behaviour',
    file,
    profile,
    json,
    ask,
    breakLock: undefined,
    fault: fault ?? null,
  };
}

/** The command of a verb whose options are known to belong to it. */
function commandOf(
  verb: Exclude<
    SiteCommand['verb'],
    'readiness' | 'behaviour' | 'drill' | 'patch' | 'proof' | 'pull' | 'history' | 'advise'
  >,
  file: string,
  values: Values,
): SiteCommand {
  const { profile, json = false, ask = false, plan = false } = values;
  const common = { file, profile, json, ask, breakLock: values['break-lock'] };
  if (isSealing(verb)) return sealingCommandOf(verb, common, values);
  if (isLooking(verb)) return lookingCommandOf(verb, common, values);
  switch (verb) {
    case 'upgrade':
    case 'renew':
      return { ...common, verb, ...choiceOf(values) };
    case 'repair':
      return { ...common, verb, ...choiceOf(values), plan };
    case 'revoke':
      return { ...common, verb, ...revokeFieldsOf(values) };
    case 'rollback':
      return { ...common, verb, server: values.server ?? '', plan };
    case 'arm':
      return { ...common, verb, plan };
    case 'move-store':
      return { ...common, verb, plan };
    case 'uninstall':
    case 'install':
    case 'check':
      return { ...common, verb, ...leavingOf(values) };
    default:
      return { ...common, verb };
  }
}

const lookingVerbs = ['keys', 'balancer', 'bundle', 'logs', 'hardening', 'export', 'configuration'] as const;
type LookingVerb = (typeof lookingVerbs)[number];

function isLooking(verb: SiteCommand['verb']): verb is LookingVerb {
  return lookingVerbs.some((one) => one === verb);
}

/** The command of a verb that tells something, and as a rule changes nothing. */
function lookingCommandOf(verb: LookingVerb, common: Common, values: Values): SiteCommand {
  switch (verb) {
    case 'keys':
      return { ...common, verb, knownHosts: values['known-hosts'], pins: values.pin ?? [] };
    case 'balancer':
      return { ...common, verb, kind: kinds.get(values.kind ?? '') };
    case 'bundle':
      return { ...common, verb, out: values.out };
    case 'logs':
      return { ...common, verb, ...logsOf(values) };
    case 'hardening':
      return { ...common, verb, server: values.server };
    case 'export':
      return { ...common, verb, out: values.out ?? '' };
    case 'configuration':
      return { ...common, verb, cluster: values.cluster, copy: values.copy ?? false };
  }
}

type SealingVerb = (typeof sealingVerbs)[number];

function isSealing(verb: SiteCommand['verb']): verb is SealingVerb {
  return sealingVerbs.some((one) => one === verb);
}

/** The command of a verb that seals a file with a passphrase, or opens one. */
function sealingCommandOf(verb: SealingVerb, common: Common, values: Values): SiteCommand {
  const { profile = '', out = '', 'passphrase-file': passphraseFile } = values;
  switch (verb) {
    case 'kit':
      return { ...common, verb, out, passphraseFile };
    case 'invite':
      return { ...common, verb, ...invitedOf(values), out, passphraseFile };
    case 'import':
      return { ...common, verb, with: values.with, passphraseFile, plan: values.plan ?? false };
    case 'restore':
    case 'join':
      return { ...common, verb, profile, passphraseFile };
  }
}

function invitedOf({ name = '', role, days }: Values) {
  return { name, role: roleNamed(role)!, days: days === undefined ? usualInvitationDays : Number(days) };
}

function choiceOf({ server, unprotected = [] }: Values) {
  return { server, unprotected };
}

function revokeFieldsOf(values: Values) {
  const { why = 'no reason given', unprotected = [] } = values;
  return { order: revokeOrderOf(values), why, unprotected };
}

function revokeOrderOf({ server, console: name, serial, lost = false }: Values): RevokeOrder {
  if (server !== undefined) return { kind: 'server', server, lost };
  if (name !== undefined) return { kind: 'console', name };
  return serial === undefined ? { kind: 'nothing' } : { kind: 'serial', serial };
}

function logsOf({ server, since = '10min', lines, follow = false }: Values) {
  const most = lines === undefined ? usualLogLines : Number(lines);
  return { server, since: readSince(since)!, lines: Math.min(most, logLimits.lines), follow };
}

function leavingOf(values: Values) {
  return { engine: engineWord(values), gone: values.gone ?? [] };
}

function engineWord(values: Values): 'keep' | 'stop' | undefined {
  if (values['keep-engine']) return 'keep';
  return values['stop-engine'] ? 'stop' : undefined;
}

/** The formats of a report that were asked for. */
function formatsOf({ format = '' }: Values): Result<ReportFormat[], string> {
  const named = format === '' ? [] : format.split(',');
  const found = named.flatMap((name) => reportFormats.find((one) => one === name) ?? []);
  if (found.length === named.length) return succeed([...new Set(found)]);
  return fail(`--format ${format} is not known; choose ${reportFormats.join(', ')}, with commas`);
}

function isVerb(word: string): word is SiteCommand['verb'] {
  return verbs.some((verb) => verb === word);
}
