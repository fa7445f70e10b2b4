import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTime } from '../../electron/host/host-time.ts';
import { SetupKeeper } from '../../electron/host/setup/setup-keeper.ts';
import { pinnedKeyText } from '../../electron/host/ssh/host-key.ts';
import { createSessionPool } from '../../electron/host/ssh/session-pool.ts';
import { connectServer } from '../../electron/host/ssh/ssh-connection.ts';
import { openSession } from '../../electron/host/ssh/ssh-session.ts';
import { succeed } from '../../shared/result.ts';
import type { SetupDraft } from '../../shared/setup/draft.ts';
import type { SetupAction } from '../../shared/setup/setup-view.ts';
import { sampleMeans } from '../unit/host/setup/sample-means.ts';
import { draftServer, wholeDraft } from '../unit/setup/setup-draft-fixture.ts';
import { startSshTestServer, type SshTestServer } from './ssh/ssh-test-server.ts';

/**
 * Goal: a setup on the screen signs in wherever the site file can: a second factor is asked for on the page, and a jump
 * host has a key of its own. Method: the setup's host side against real SSH servers on loopback.
 */
const password = { prompts: [{ prompt: 'Password: ', echo: false }], answers: ['secret'] };
const code = { prompts: [{ prompt: 'Verification code: ', echo: true }], answers: ['123456'] };
let folder: string;
const servers: SshTestServer[] = [];
const keepers: SetupKeeper[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-setup-sign-in-'));
});
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function sshServer(options: Parameters<typeof startSshTestServer>[0]): Promise<SshTestServer> {
  const server = await startSshTestServer(options);
  servers.push(server);
  return server;
}

function openKeeper() {
  const pool = createSessionPool({ open: openSession, time: systemTime() });
  const keeper = new SetupKeeper({
    ...sampleMeans(folder, {
      connect: (target) => connectServer(target, pool),
      signIn: async (place) => {
        const leased = await pool.lease(place);
        if (leased.ok) leased.value.release();
        return leased.ok ? succeed(undefined) : leased;
      },
      end: () => pool.end(),
    }),
    time: systemTime(),
    log: { info: () => undefined, error: () => undefined },
    showSite: async () => succeed(undefined),
    onNews: () => undefined,
  });
  keepers.push(keeper);
  const act = async (action: SetupAction) => {
    const done = await keeper.act(action);
    if (!done.ok) throw new Error(`${done.error.code}: ${done.error.message}`);
    return done.value;
  };
  const reach = (id: string) => keeper.view().reach.find(({ server }) => server === id)!;
  const comes = (id: string, state: string) =>
    vi.waitFor(
      () => expect(`${reach(id).state} ${reach(id).error?.message ?? ''}`).toContain(`${state} `),
      15_000,
    );
  return { keeper, act, reach, comes };
}

function draftWith(at: SshTestServer, change: Partial<SetupDraft> = {}, pinned = true): SetupDraft {
  const north = draftServer('north', { address: '127.0.0.1' });
  const hostKey = pinned ? pinnedKeyText(at.hostKey) : null;
  const ssh = { ...north.ssh, port: at.port, hostKey };
  return wholeDraft({ servers: [{ ...north, ssh }], ...change });
}

describe('a server that asks for a second factor', () => {
  it('is answered on the page, and nothing of it is kept', async () => {
    const server = await sshServer({ questions: [password, code] });
    const { keeper, act, comes } = openKeeper();
    await act({ act: 'save', draft: draftWith(server) });
    await act({ act: 'secret', server: 'north', kind: 'password', value: 'secret' });
    await act({ act: 'reach', server: 'north' });
    await vi.waitFor(() => expect(keeper.view().questions.length).toBe(1), 10_000);
    const [question] = keeper.view().questions;
    expect(question).toMatchObject({
      server: 'north',
      user: 'root',
      prompts: [{ text: 'Verification code:', hidden: false }],
    });
    await act({ act: 'answer', question: question!.id, answers: ['123456'] });
    await comes('north', 'reached');
    expect(keeper.view().questions).toEqual([]);
    expect(readFileSync(join(folder, 'setup.json'), 'utf8')).not.toMatch(/123456|secret"/);
  });

  it('lets nobody in when it is not answered, and says what it has asked', async () => {
    const server = await sshServer({ questions: [code] });
    const { keeper, act, comes, reach } = openKeeper();
    await act({ act: 'save', draft: draftWith(server) });
    await act({ act: 'secret', server: 'north', kind: 'password', value: 'secret' });
    await act({ act: 'reach', server: 'north' });
    await vi.waitFor(() => expect(keeper.view().questions.length).toBe(1), 10_000);
    const { id } = keeper.view().questions[0]!;
    await act({ act: 'answer', question: id, answers: null });
    await comes('north', 'refused');
    expect(reach('north').error?.details?.join()).toContain('“Verification code:”');
    expect(reach('north').error?.next).toContain('answer what north asks within two minutes');
    const late = await keeper.act({ act: 'answer', question: id, answers: ['123456'] });
    expect(late).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('not wait') as string },
    });
  });
});

describe('a jump host', () => {
  async function behindJump() {
    const jumpServer = await sshServer({ user: 'me', password: 'jump-secret' });
    const server = await sshServer({ password: 'secret' });
    const setup = openKeeper();
    const jump = {
      id: 'jump',
      name: 'gate',
      address: '127.0.0.1',
      ssh: { user: 'me', port: jumpServer.port, login: { kind: 'password' as const }, hostKey: null },
    };
    const draft = draftWith(server, { jumpHosts: [jump] }, false);
    const [north] = draft.servers;
    await setup.act({
      act: 'save',
      draft: { ...draft, servers: [{ ...north!, ssh: { ...north!.ssh, jump: 'jump' } }] },
    });
    await setup.act({ act: 'secret', server: 'north', kind: 'password', value: 'secret' });
    await setup.act({ act: 'secret', server: 'jump', kind: 'password', value: 'jump-secret' });
    return { ...setup, jumpServer, server };
  }

  it('has a key of its own, which is never offered as the one of the server behind it', async () => {
    const { act, comes, reach, jumpServer, server } = await behindJump();
    await act({ act: 'reach', server: 'north' });
    await comes('north', 'refused');
    expect(reach('north')).toMatchObject({ presented: null });
    expect(reach('north').error?.message).toContain('the key of its jump host gate is not trusted yet');
    expect([...jumpServer.tried, ...server.tried]).toEqual([]);
    await act({ act: 'reach', server: 'jump' });
    await comes('jump', 'key-to-confirm');
    expect(reach('jump').presented).toBe(pinnedKeyText(jumpServer.hostKey));
    await act({ act: 'pin', server: 'jump', key: reach('jump').presented! });
    await comes('jump', 'reached');
    expect(jumpServer.commands).toEqual([]);
  });

  it('carries the way to a server, whose own key is compared behind it', async () => {
    const { act, comes, reach, server } = await behindJump();
    await act({ act: 'reach', server: 'jump' });
    await comes('jump', 'key-to-confirm');
    await act({ act: 'pin', server: 'jump', key: reach('jump').presented! });
    await comes('jump', 'reached');
    await act({ act: 'reach', server: 'north' });
    await comes('north', 'key-to-confirm');
    expect(reach('north').presented).toBe(pinnedKeyText(server.hostKey));
    await act({ act: 'pin', server: 'north', key: reach('north').presented! });
    await comes('north', 'reached');
  });
});
