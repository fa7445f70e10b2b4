import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { openConsole, startConsole, type ConsoleRun } from '../../e2e/console-run.ts';
import { labDown, labUp, labWipe } from '../hosts/lab.ts';
import { hostNames, type LabLayout } from '../hosts/layout.ts';
import { holdLock } from '../hosts/lock.ts';
import { installEngines } from '../site/provision.ts';
import { Pictures } from './pictures.ts';
import { proveProtection } from './protected-site.ts';
import { addPasswordUser } from './server-troubles.ts';
import { WizardScreen } from './wizard-screen.ts';
import type { WizardStage } from './wizard-stage.ts';
import { afterTheRestart, beforeTheRestart } from './wizard-steps.ts';

/**
 * From bare hosts to a protected site by clicking and typing in the console, with bad input on the way, the console
 * closed and started again in the middle, and at the end the power of one server cut. Throws with what went wrong.
 */
export async function proveWizard(
  lab: LabLayout,
  { out, tell }: { readonly out: string; readonly tell: (line: string) => void },
): Promise<void> {
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  const configFolder = mkdtempSync(join(tmpdir(), 'ixha-wizard-'));
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    await installEngines(lab);
    await addPasswordUser(lab, 'wit');
    await inConsole({ lab, configFolder, out: join(out, '1'), tell }, beforeTheRestart);
    await inConsole({ lab, configFolder, out: join(out, '2'), tell }, async (stage) => {
      await afterTheRestart(stage);
      await proveProtection(stage);
    });
  } finally {
    rmSync(configFolder, { recursive: true, force: true });
    await labDown(lab);
    release();
  }
}

/** Starts a console on this workstation, does something in it, and closes it. */
async function inConsole(
  inputs: {
    readonly lab: LabLayout;
    readonly configFolder: string;
    readonly out: string;
    readonly tell: (line: string) => void;
  },
  act: (stage: WizardStage) => Promise<void>,
): Promise<void> {
  const { lab, configFolder, out, tell } = inputs;
  let run: ConsoleRun | undefined;
  let browser: Browser | undefined;
  try {
    run = await startConsole({ words: [], configFolder });
    const opened = await openConsole(run.address);
    browser = opened.browser;
    const { page } = opened;
    const pictures = new Pictures(page, out);
    try {
      await act({ lab, page, screen: new WizardScreen(page), pictures, tell });
    } catch (error) {
      await page.screenshot({ path: join(out, 'where-it-stopped.png') });
      throw new Error([(error as Error).message, ...opened.errors].join('\n'), { cause: error });
    }
    const wrong = [...pictures.findings, ...opened.errors];
    if (wrong.length > 0) throw new Error(`on the pages:\n${wrong.join('\n')}`);
  } finally {
    await browser?.close();
    await run?.stop();
  }
}
