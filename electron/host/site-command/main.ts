import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runSiteCommand } from './site-command.ts';

// The program is `dist/host/site.cjs`; what it installs lies beside it and in the packages.
const root = join(dirname(realpathSync(process.argv[1]!)), '..', '..');

// The first Ctrl+C calls off what only looks or prints, and ends a drill after its step; the second one ends the program
// as ever.
const calledOff = new AbortController();
if (['preflight', 'bundle', 'drill', 'readiness', 'proof', 'logs', 'history'].includes(process.argv[2] ?? ''))
  process.once('SIGINT', () => calledOff.abort());

void runSiteCommand(process.argv.slice(2), {
  root,
  environment: process.env,
  signal: calledOff.signal,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal:
    process.stdin.isTTY && process.stderr.isTTY
      ? { input: process.stdin, output: process.stderr }
      : undefined,
}).then((code) => {
  process.exitCode = code;
});
