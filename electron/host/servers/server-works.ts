import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ServersAction } from '../../../shared/servers/servers-view.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { renewalLines, renewSite } from '../repair/renew-site.ts';
import { differenceLines, lookAtDifferences, repairSite } from '../repair/repair-site.ts';
import { bundleName, bundleOfSite } from '../support/bundle-of-site.ts';
import { upgradeLines, upgradeSite } from '../upgrade/upgrade-site.ts';

export interface WorkTools {
  readonly inputs: InstallInputs;
  /** How this console asks agents now. */
  readonly ask: AskAgent;
  readonly signal: AbortSignal;
  readonly tell: (awaits: string) => void;
}

type Outcome = Promise<Result<string[], ProductError[]>>;

/** Carries out what a person has asked for on the servers. Answers its outcome, line by line. */
export async function carryOut(
  asked: Extract<ServersAction, { act: 'begin' | 'remove' }>,
  tools: WorkTools,
): Outcome {
  const { inputs } = tools;
  if (asked.act === 'remove') {
    const removed = await uninstallSite(inputs, asked.engines);
    return removed.ok ? succeed(['Removed:', ...removed.value.removed]) : removed;
  }
  const choice = { server: asked.server ?? undefined, unprotected: asked.unprotected };
  switch (asked.work) {
    case 'compare':
      return lines(lookAtDifferences(inputs, choice), differenceLines);
    case 'upgrade':
      return lines(upgradeSite(inputs, choice), upgradeLines);
    case 'repair':
      return lines(repairSite(inputs, choice), differenceLines);
    case 'renew':
      return lines(renewSite(inputs, choice), renewalLines);
    case 'bundle':
      return bundle(tools);
  }
}

async function lines<Value>(
  work: Promise<Result<Value, ProductError[]>>,
  words: (value: Value) => string[],
): Outcome {
  const done = await work;
  return done.ok ? succeed(words(done.value)) : done;
}

/** One archive in a folder of the profile; the page tells where it lies. */
async function bundle({ inputs, ask, signal, tell }: WorkTools): Outcome {
  const folder = join(inputs.profileDirectory, 'support');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const onPart = ({ name }: { readonly name: string }) =>
      tell(`What ${name} has is here; the others are awaited`);
    const out = join(folder, bundleName(inputs.document.site.id));
    const made = await bundleOfSite(inputs, { ask, signal, onPart }, out);
    return made.ok ? succeed([...made.value.lines]) : fail([made.error]);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    return fail([productError('support.not-written', `${folder} cannot be used: ${code ?? message}.`)]);
  }
}
