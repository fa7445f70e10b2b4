import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sshTarget } from '../../../../electron/host/install/ssh-targets.ts';

const server = { id: 'north', name: 'ig-north', address: '192.0.2.11' };
const key = `SHA256:${'A'.repeat(43)}`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-targets-'));
  writeFileSync(join(folder, 'password'), 'one\n');
  writeFileSync(join(folder, 'sudo'), 'two\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const signIn = () => ({ user: 'admin', port: 22, passwordFile: join(folder, 'password') });

describe('a way to a server', () => {
  it('takes passwords from their files, and several pinned keys with what was declared lost', async () => {
    const target = await sshTarget(
      server,
      {
        access: {
          north: {
            ...signIn(),
            hostKey: [key, `ssh-rsa ${key}`],
            sudo: 'password',
            sudoPasswordFile: join(folder, 'sudo'),
          },
        },
        revokedHostKeys: [key],
      },
      {},
    );
    expect(target).toMatchObject({
      ok: true,
      value: {
        password: 'one',
        privilege: { kind: 'password', password: 'two' },
        pinned: [{ fingerprint: key }, { keyType: 'ssh-rsa', fingerprint: key }],
        revoked: [key],
      },
    });
  });

  it('leads over its jump host, which becomes nobody there', async () => {
    const target = await sshTarget(
      server,
      {
        access: { north: { ...signIn(), sudo: 'passwordless', jump: 'bastion' } },
        jumpHosts: { bastion: { ...signIn(), user: 'hop', address: 'bastion.example' } },
      },
      { sshAgentSocket: '/agent' },
    );
    expect(target).toMatchObject({
      value: { jump: { name: 'jump host bastion', address: 'bastion.example', user: 'hop', pinned: [] } },
    });
    // The SSH agent is only used where the file says so.
    expect(target.ok && target.value.sshAgent).toBeUndefined();
  });

  it('names the server whose password file is not there', async () => {
    const access = {
      north: { ...signIn(), passwordFile: join(folder, 'none'), sudo: 'passwordless' as const },
    };
    const target = await sshTarget(server, { access }, {});
    expect(!target.ok && [target.error.code, target.error.message]).toEqual([
      'ssh.authentication',
      'ig-north: a key or password file cannot be read.',
    ]);
  });
});
