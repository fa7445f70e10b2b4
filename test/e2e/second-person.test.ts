import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendCommand } from '../../agent/cli/agent-client.ts';
import { memberTarget } from '../../agent/cli/targets.ts';
import { demoFolders } from '../../electron/host/demo/demo-folders.ts';
import type { MoveVerb } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { MemberConfig } from '../../shared/site/member-config.ts';
import { builtProgram } from './built-program.ts';
import { eventually, focused, goTo, patienceMs, press, seriousViolations, tabTo } from './console-page.ts';
import { bothProtected, demoConsole, moved } from './demo-console.ts';

/**
 * Goal: a change waits for a second person, who looks, agrees or declines without a mouse. Method: the built console
 * with its demo site in Chromium; anna asks as an administrator on a server, with that member's own certificate.
 */
const demo = demoConsole();
const said = () => demo.page.getByRole('main').innerText();
const heading = () => demo.page.getByRole('heading', { level: 1 }).innerText();

/** Both members of WK1 as their own agents tell it. */
async function membersOfWk1(): Promise<MemberSnapshot[]> {
  const words = ['status', 'WK1', '--json', '--profile', await demo.run.profile()];
  const { out } = await builtProgram('dist/agent/ixha.cjs', words);
  const { members } = JSON.parse(out) as { members: { snapshot: MemberSnapshot | null }[] };
  return members.flatMap(({ snapshot }) => snapshot ?? []);
}

/** On a busy machine an agent may answer too late once. */
async function activeOfWk1(): Promise<MemberSnapshot> {
  let active: MemberSnapshot | undefined;
  await eventually(
    'WK1 has an Active that answers',
    async () => {
      active = (await membersOfWk1()).find(({ lease }) => lease.state === 'held');
      return active?.server ?? 'nobody';
    },
    /^ig-/,
  );
  return active!;
}

/** Anna asks for a move of WK1 to its other server, as soon as nothing speaks against it. */
async function annaAsks(verb: MoveVerb): Promise<void> {
  const ask = async () => {
    const { server, peer, lease } = await activeOfWk1();
    const { agentConfig } = demoFolders(dirname(await demo.run.profile())).member(server, 'WK1');
    const config = MemberConfig.parse(JSON.parse(readFileSync(agentConfig, 'utf8')));
    const sent = await sendCommand(
      { ...memberTarget(config), administrator: 'anna' },
      {
        ...{ verb, cluster: 'WK1', target: peer.server, epoch: lease.epoch },
        ...{ reason: 'kernel patch', idempotencyKey: randomUUID() },
      },
    );
    if (!sent.ok) return sent.error.message;
    return sent.value.accepted ? 'it was begun' : `${sent.value.error.code}: ${sent.value.error.message}`;
  };
  await eventually('it waits', ask, /^second-person\.waits/);
}

describe.sequential('a second person without a mouse', { timeout: 5 * patienceMs }, () => {
  test('has WK1 wait with what is planned, from the page of the workstations on', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'workstations');
    await press(demo.page, /^Second person for WK1$/);
    await demo.page.getByRole('heading', { level: 1, name: 'Second person for changes of WK1' }).waitFor();
    expect(await seriousViolations(demo.page)).toEqual([]);
    await tabTo(demo.page, /^Nothing$/);
    await demo.page.keyboard.press('ArrowDown');
    await tabTo(demo.page, /^Reason/);
    await demo.page.keyboard.type('our rules');
    await press(demo.page, /^Save the setting$/);
    await eventually('it is kept', said, /now: planned changes wait for a second person/);
    const scopes = async () => (await membersOfWk1()).map(({ secondPerson }) => secondPerson?.said?.scope);
    await eventually('both members know', async () => (await scopes()).join(' '), /^planned planned$/);
  });

  test('is told of what anna asks for, reads the plan and agrees', async () => {
    let target = '';
    await moved(demo, async () => {
      target = (await activeOfWk1()).peer.server;
      await annaAsks('switchover');
      await press(demo.page, /^Look and decide$/);
      await eventually('it waits', heading, /^A switchover of WK1 to ig-.* waits for a second person$/);
      await eventually('why', said, /anna, administrator on ig-[^]*Reason: kernel patch/);
      expect(await seriousViolations(demo.page)).toEqual([]);
      await press(demo.page, /^Agree$/);
    });
    await eventually('it is done', said, /Done[^]*Longest wait of a sender/);
    await eventually('WK1 has moved', async () => (await activeOfWk1()).server, new RegExp(`^${target}$`));
  });

  test('finds both names in the journal', async () => {
    await goTo(demo.page, 'cluster/WK1/journal');
    await demo.page
      .getByText(/anna, administrator on ig-\w+, agreed to by /)
      .first()
      .waitFor();
  });

  test('declines the next one with a reason, and nothing moves', async () => {
    await bothProtected(demo);
    const { server } = await activeOfWk1();
    await annaAsks('switchover');
    await goTo(demo.page, 'cluster/WK1/second-person');
    await eventually('it waits', heading, /waits for a second person$/);
    await press(demo.page, /^Decline…$/);
    await eventually('the reason is asked for', () => focused(demo.page), /^Reason/);
    await demo.page.keyboard.type('the backup still runs');
    await press(demo.page, /^Decline$/);
    await eventually('it is declined', said, /has declined it, because: the backup still runs/);
    expect((await activeOfWk1()).server).toBe(server);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
