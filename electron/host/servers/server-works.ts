import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { WorkOrder } from '../../../shared/servers/servers-view.ts';
import { armSite, planArming } from '../adopt/arm-site.ts';
import { observeSite } from '../adopt/observe-site.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { MoveInputs } from '../move-store/move-inputs.ts';
import { moveStore, planMove } from '../move-store/move-store.ts';
import { changeTargets, planTargets } from '../notifications/change-targets.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { workOnConfiguration } from '../engine-configuration/configuration-work.ts';
import { pullOverSsh } from '../configuration/pull-configuration.ts';
import { revokeAndTell } from '../revocation/revoke-and-tell.ts';
import { renewalLines, renewSite } from '../repair/renew-site.ts';
import { differenceLines, lookAtDifferences, repairSite } from '../repair/repair-site.ts';
import { bundleName, bundleOfSite } from '../support/bundle-of-site.ts';
import { upgradeLines, upgradeSite } from '../upgrade/upgrade-site.ts';

export interface WorkTools {
  /** Of a move: the site as it shall be. */
  readonly inputs: MoveInputs;
  /** How this console asks agents now. */
  readonly ask: AskAgent;
  readonly signal: AbortSignal;
  readonly tell: (awaits: string) => void;
}

type Outcome = Promise<Result<string[], ProductError[]>>;

/** Carries out what a person has asked for on the servers. Answers its outcome, line by line. */
export async function carryOut(asked: WorkOrder, tools: WorkTools): Outcome {
  const { inputs } = tools;
  switch (asked.act) {
    case 'remove':
      return lines(uninstallSite(withGone(inputs, asked.gone), asked.engines), ({ removed }) => [
        'Removed:',
        ...removed,
      ]);
    case 'arm':
      return asked.plan ? planArming(inputs) : armSite(inputs);
    case 'move':
      return asked.plan ? planMove(inputs) : moveStore(inputs);
    case 'notify':
      return asked.plan ? planTargets(inputs) : changeTargets(inputs);
    case 'observe':
      return observeSite(inputs);
    case 'configuration':
      return lines(workOnConfiguration(inputs, asked), (outcome) => [...outcome.lines]);
    case 'pull':
      return pullOverSsh(inputs, asked);
    case 'revoke':
      return revokeAndTell(inputs, asked);
    case 'begin':
      return workOnEach(asked, tools);
  }
}

function withGone(inputs: MoveInputs, gone: readonly string[] = []): MoveInputs {
  return { ...inputs, leaving: { engines: undefined, gone } };
}

/** What is done server by server. */
async function workOnEach(asked: Extract<WorkOrder, { act: 'begin' }>, tools: WorkTools): Outcome {
  const { inputs } = tools;
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
