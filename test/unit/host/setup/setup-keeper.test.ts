import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectServer } from '../../../../electron/host/install/server-work.ts';
import { SetupKeeper } from '../../../../electron/host/setup/setup-keeper.ts';
import type { SshTarget } from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import type { SetupAction, SetupView } from '../../../../shared/setup/setup-view.ts';
import { wholeDraft, wholeEtcd } from '../../setup/setup-draft-fixture.ts';
import { handTime } from '../hand-time.ts';
import { sampleMeans } from './sample-means.ts';

const key = `ssh-ed25519 SHA256:${'b'.repeat(43)}`;
const errors: string[] = [];
let folder: string;
let tried: SshTarget[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-setup-'));
  tried = [];
  errors.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that presents one key and lets in whoever has it pinned. */
const connect: ConnectServer = async (target) => {
  tried.push(target);
  if (target.pinned.length === 0) {
    return fail(productError('ssh.host-key-unknown', 'No pinned key.', [`presented: ${key}`]));
  }
  return succeed({
    name: target.name,
    run: async () =>
      succeed({ exitCode: 0, signal: null, stdout: 'Debian 12, x86_64', stderr: '', truncated: false }),
    upload: async () => succeed(undefined),
    close: () => undefined,
  });
};

function openKeeper(changes: Parameters<typeof sampleMeans>[1] = {}) {
  const keeper = new SetupKeeper({
    ...sampleMeans(folder, { connect, ...changes }),
    time: handTime(),
    log: { info: () => undefined, error: (line: string) => errors.push(line) },
    showSite: async () => succeed(undefined),
    onNews: () => undefined,
  });
  const act = async (action: SetupAction): Promise<SetupView> => {
    const done = await keeper.act(action);
    if (!done.ok) throw new Error(`${done.error.code}: ${done.error.message}`);
    return done.value;
  };
  return { keeper, act };
}

/** A draft whose first server was not reached yet. */
function unpinned() {
  const draft = wholeDraft();
  const [first, ...others] = draft.servers;
  return { ...draft, servers: [{ ...first!, ssh: { ...first!.ssh, hostKey: null } }, ...others] };
}

const reachOf = (view: SetupView, server: string) => view.reach.find((reach) => reach.server === server)!;

describe('the setup of a site', () => {
  it('is kept with every change and found again by the next console, without any secret', async () => {
    const { act } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    await act({ act: 'secret', server: 'north', kind: 'password', value: 'planted-secret' });
    const again = openKeeper();
    const view = await again.keeper.open();
    expect(view).toMatchObject({ ok: true, value: { draft: { ...wholeDraft(), revision: 1 } } });
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(files.join()).not.toContain('planted-secret');
    expect(statSync(join(folder, 'setup.json')).mode & 0o777).toBe(0o600);
  });

  it('says how long ago it was kept by an earlier console', async () => {
    const { act } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    const twoHoursBefore = Date.parse(handTime().wallTime()) / 1_000 - 7_200;
    utimesSync(join(folder, 'setup.json'), twoHoursBefore, twoHoursBefore);
    const again = await openKeeper().keeper.open();
    expect(again).toMatchObject({ ok: true, value: { savedMs: 7_200_000 } });
  });

  it('refuses a change that was made from an older draft, and keeps the other one', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    const late = await keeper.act({ act: 'save', draft: wholeDraft({ timing: 'fast' }) });
    expect(late).toMatchObject({ ok: false, error: { code: 'setup.changed' } });
    expect(keeper.view().draft.timing).toBe('normal');
  });

  it('puts a damaged draft aside, says so once, and begins anew', async () => {
    writeFileSync(join(folder, 'setup.json'), '{"schema": 1, "rev');
    const { keeper } = openKeeper();
    expect(await keeper.open()).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
    expect(await keeper.open()).toMatchObject({ ok: true, value: { draft: { servers: [] } } });
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true);
  });

  it('says when a change could not be kept, and does not pretend that it was', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { keeper } = openKeeper({ folder: join(folder, 'file', 'below') });
    const kept = await keeper.act({ act: 'save', draft: wholeDraft() });
    expect(kept).toMatchObject({ ok: false, error: { code: 'setup.not-kept' } });
    expect(keeper.view().draft.servers).toEqual([]);
  });
});

describe('the etcd of a setup', () => {
  const files = () => {
    for (const name of ['ca.pem', 'ixha.pem', 'ixha-key.pem']) writeFileSync(join(folder, name), 'not PEM');
    return {
      authorityFile: join(folder, 'ca.pem'),
      certificateFile: join(folder, 'ixha.pem'),
      keyFile: join(folder, 'ixha-key.pem'),
    };
  };

  it('asks for the password of its user, which is never kept, and says what is wrong with its files', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: wholeDraft({ leaseStore: { ...wholeEtcd(), ...files() } }) });
    await act({ act: 'check-etcd' });
    await vi.waitFor(() => expect(keeper.view().etcd.work.state).toBe('failed'), 15_000);
    const message = () => keeper.view().etcd.work.errors[0]?.message;
    expect(message()).toContain('The password of ixha at the etcd is needed');
    await act({ act: 'secret', server: '', kind: 'etcd-password', value: 'planted-secret' });
    await act({ act: 'check-etcd' });
    await vi.waitFor(
      () => expect(message()).toContain('cannot sign in to the etcd with these files'),
      15_000,
    );
    expect(readFileSync(join(folder, 'setup.json'), 'utf8')).not.toContain('planted-secret');
  });
});

describe('reaching a server', () => {
  it('shows the key of one that nobody has confirmed, and reaches it once it was', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: unpinned() });
    await act({ act: 'secret', server: 'north', kind: 'password', value: 'pass' });
    await act({ act: 'reach', server: 'north' });
    await vi.waitFor(
      () =>
        expect(reachOf(keeper.view(), 'north')).toMatchObject({ state: 'key-to-confirm', presented: key }),
      15_000,
    );
    await act({ act: 'pin', server: 'north', key });
    await vi.waitFor(
      () =>
        expect(reachOf(keeper.view(), 'north')).toMatchObject({
          state: 'reached',
          system: 'Debian 12, x86_64',
        }),
      15_000,
    );
    expect(tried.at(-1)).toMatchObject({ password: 'pass', pinned: [{ fingerprint: key.split(' ')[1] }] });
    expect(keeper.view().draft.servers[0]!.ssh.hostKey).toBe(key);
  });

  it('pins no other key than the one that the server presents now', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: unpinned() });
    const pinned = await keeper.act({ act: 'pin', server: 'north', key });
    expect(pinned).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect(keeper.view().draft.servers[0]!.ssh.hostKey).toBeNull();
  });

  it('asks for the password again in a console that was started anew', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    await act({ act: 'reach', server: 'north' });
    await vi.waitFor(() => expect(reachOf(keeper.view(), 'north').state).toBe('refused'), 15_000);
    expect(reachOf(keeper.view(), 'north').error?.message).toContain('password of root on north is needed');
    expect(tried).toEqual([]);
  });

  it('forgets what it found out when the address changes', async () => {
    const { act, keeper } = openKeeper();
    const view = await act({ act: 'save', draft: wholeDraft() });
    await act({ act: 'secret', server: 'north', kind: 'password', value: 'pass' });
    await act({ act: 'reach', server: 'north' });
    await vi.waitFor(() => expect(reachOf(keeper.view(), 'north').state).toBe('reached'), 15_000);
    const servers = view.draft.servers.map((one, place) =>
      place === 0 ? { ...one, address: '192.0.2.99' } : one,
    );
    const changed = await act({ act: 'save', draft: { ...view.draft, servers } });
    expect(reachOf(changed, 'north').state).toBe('not-tried');
  });
});

describe('the work of a setup', () => {
  it('tells why a plan could not be made, with the code', async () => {
    const { act, keeper } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    await act({ act: 'plan' });
    await vi.waitFor(() => expect(keeper.view().plan.work.state).toBe('failed'), 15_000);
    expect(keeper.view().plan.work.errors).toMatchObject([{ code: 'install.bundle-damaged' }]);
  });

  it('plans nothing that is not complete, and installs nothing that has no plan', async () => {
    const { act, keeper } = openKeeper();
    const { draft } = await act({ act: 'save', draft: wholeDraft({ timing: null }) });
    await act({ act: 'plan' });
    await vi.waitFor(() => expect(keeper.view().plan.work.state).toBe('failed'), 15_000);
    expect(keeper.view().plan.work.errors).toMatchObject([{ code: 'request.invalid' }]);
    const refused = await keeper.act({ act: 'install', revision: draft.revision });
    expect(refused).toMatchObject({ ok: false, error: { code: 'setup.not-planned' } });
    expect(keeper.view().install.work.state).toBe('never');
  });

  it('forgets everything when it is discarded', async () => {
    const { act } = openKeeper();
    await act({ act: 'save', draft: wholeDraft() });
    await act({ act: 'secret', server: '', kind: 'engine-password', value: 'secret' });
    const view = await act({ act: 'discard' });
    expect(view).toMatchObject({ draft: { servers: [], clusters: [] }, savedMs: null, sharedSecrets: [] });
    expect(readdirSync(folder)).toEqual([]);
  });
});
