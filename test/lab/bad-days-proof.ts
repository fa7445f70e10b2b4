import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAsBefore, inventories } from './bad-days/bare-hosts.ts';
import {
  proveFullDisks,
  proveHalfRemoved,
  proveLostConnections,
  proveReboots,
} from './bad-days/interrupted-days.ts';
import { addSecondEngine, refusedDays } from './bad-days/refused-days.ts';
import { expectDone, expectRefused, Workstation } from './bad-days/workstation.ts';
import { labDown, labUp, labWipe } from './hosts/lab.ts';
import { hostNames, type HostName, type LabLayout } from './hosts/layout.ts';
import { holdLock } from './hosts/lock.ts';
import { onHost } from './hosts/ssh.ts';
import type { Tell } from './site-at-work.ts';
import { labSite } from './site/lab-site.ts';
import { installEngines } from './site/provision.ts';

/**
 * Bad days of an installation on real hosts: what is refused says why and leaves every server as it was; what is
 * interrupted goes on by the same command; and a removal afterwards leaves nothing. Throws with what went wrong.
 */
export async function proveBadDays(lab: LabLayout, tell: Tell): Promise<void> {
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bad-days-'));
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    await installEngines(lab);
    const servers = labSite(lab).servers.map(({ id }) => id as HostName);
    const before = await inventories(lab, servers);
    const asBefore = async () => expectAsBefore(before, await inventories(lab, servers));
    await proveRefusals(lab, folder, asBefore, tell);
    const site = new Workstation(lab, join(folder, 'interrupted'));
    await site.describe();
    const remove = async () => {
      expectDone(await site.site('uninstall', ['--stop-engine']));
      await asBefore();
      tell('removed: every server is as it was');
    };
    await proveFullDisks(lab, site, tell);
    await remove();
    await proveLostConnections(lab, site, tell);
    await remove();
    await proveReboots(lab, site, tell);
    await proveHalfRemoved(lab, site, tell);
    await remove();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await labDown(lab);
    release();
  }
}

/** Each on a workstation of its own, so that no case knows of another. */
async function proveRefusals(
  lab: LabLayout,
  folder: string,
  asBefore: () => Promise<void>,
  tell: Tell,
): Promise<void> {
  for (const [index, day] of refusedDays.entries()) {
    const site = new Workstation(lab, join(folder, String(index)));
    await site.describe((file) => day.edit?.(file, lab));
    await onHost(lab, day.host, day.spoil(lab));
    const said = await site.site('install');
    await onHost(lab, day.host, day.mend);
    tell(`${day.what}: ${expectRefused(said, day.code, day.words)}`);
    await asBefore();
  }
  const site = new Workstation(lab, join(folder, 'preflight'));
  await site.describe();
  const takeAway = await addSecondEngine(lab);
  const { checks } = await site.site('preflight');
  await takeAway();
  const other = checks.find(({ id, server }) => id === 'engine-others' && server === 'wk-b');
  if (other?.verdict !== 'warning') throw new Error(`the second engine is ${JSON.stringify(other)}`);
  tell(`a second engine on a server: ${other.finding}: ${other.evidence.join(', ')}. Next: ${other.remedy}`);
  await asBefore();
}
