// `npm run ixha -- VERB …`: the command line that is also on the servers. On a workstation it needs a site
// (`--profile DIR`); where none is named and exactly one demo site of this user runs, it is that one.
import { existsSync } from 'node:fs';
import { profileFor } from './lib/ixha-profile.mjs';
import { runBuilt } from './lib/run-built.mjs';
import { runningDemos } from './lib/running-demos.mjs';

const args = process.argv.slice(2);
const choice = profileFor({
  args,
  env: process.env,
  hasOwnAgent: existsSync('/etc/ixha'),
  demos: runningDemos(),
});

if (choice.kind === 'several') {
  console.error('Several demo sites of yours run, and no site was named.');
  console.error(`  Next: add one of these to the call:\n${choice.profiles.map(asFlag).join('\n')}`);
  process.exitCode = 2;
} else if (choice.kind === 'none') {
  console.error('No site was named, and no demo site of yours runs.');
  console.error('  Next: add --profile DIR, or start the demo site with: npm start');
  process.exitCode = 2;
} else {
  // On the error stream: the answer itself may be read by another program.
  if (choice.kind === 'demo') console.error(`The running demo site is used: --profile ${choice.profile}`);
  /** @type {Record<string, string>} */
  const env = choice.kind === 'demo' ? { IXHA_PROFILE: choice.profile } : {};
  process.exitCode = await runBuilt('dist/agent/ixha.cjs', args, env);
}

function asFlag(profile) {
  return `    --profile ${profile}`;
}
