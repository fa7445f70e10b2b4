import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKnownHosts, withKnownHosts } from '../../../../electron/host/setup/import-known-hosts.ts';
import { describeHostKey, pinnedKeyText } from '../../../../electron/host/ssh/host-key.ts';
import { parseKnownHosts } from '../../../../electron/host/ssh/known-hosts.ts';
import { draftServer, wholeDraft } from '../../setup/setup-draft-fixture.ts';

/** Goal: a known_hosts file saves comparing keys, and never changes one that is trusted. */
function key(type: string, seed: number) {
  const name = Buffer.from(type);
  const body = Buffer.alloc(36, seed);
  body.writeUInt32BE(32);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  const blob = Buffer.concat([length, name, body]);
  return { line: `${type} ${blob.toString('base64')}`, pin: pinnedKeyText(describeHostKey(blob)) };
}

const rsa = key('ssh-rsa', 1);
const ed25519 = key('ssh-ed25519', 2);
const other = key('ssh-ed25519', 3);

function hashed(name: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

function draftOf(hostKeys: Readonly<Record<string, string | null>>) {
  const servers = Object.entries(hostKeys).map(([id, hostKey], index) => {
    const server = draftServer(id, { address: `192.0.2.${11 + index}` });
    return { ...server, ssh: { ...server.ssh, hostKey } };
  });
  return wholeDraft({ servers });
}

const imported = (draft: ReturnType<typeof draftOf>, text: string) =>
  withKnownHosts(draft, parseKnownHosts(text), 'known_hosts');
const pinsOf = ({ draft }: ReturnType<typeof imported>) => draft.servers.map(({ ssh }) => ssh.hostKey);

describe('host keys from a known_hosts file', () => {
  it('are taken over for servers without a trusted one, the stronger of two, hashed names too', () => {
    const text = `192.0.2.11 ${rsa.line}\n192.0.2.11 ${ed25519.line}\n${hashed('192.0.2.12')} ${rsa.line}\n`;
    const result = imported(draftOf({ north: null, south: null, third: null }), text);
    expect(pinsOf(result)).toEqual([ed25519.pin, rsa.pin, null]);
    expect(result.found).toMatchObject({ pinned: ['north', 'south'], silent: ['third'], contradicted: [] });
  });

  it('never change a trusted one, and tell that the file has another', () => {
    const result = imported(draftOf({ north: other.pin }), `192.0.2.11 ${ed25519.line}`);
    expect(pinsOf(result)).toEqual([other.pin]);
    expect(result.found).toMatchObject({ pinned: [], contradicted: ['north'] });
  });

  it('are not taken over where the file declares them lost, and are refused from then on', () => {
    const text = `@revoked 192.0.2.11 ${ed25519.line}\n192.0.2.11 ${ed25519.line}\nnot a line`;
    const result = imported(draftOf({ north: null }), text);
    expect(pinsOf(result)).toEqual([null]);
    expect(result.draft.revokedHostKeys).toEqual([ed25519.pin.split(' ')[1]]);
    expect(result.found).toMatchObject({ silent: ['north'], revoked: 1, malformed: 1 });
  });

  it('are found by port where SSH does not listen on its own', () => {
    const draft = draftOf({ north: null });
    draft.servers[0]!.ssh.port = 2222;
    expect(pinsOf(imported(draft, `192.0.2.11 ${rsa.line}`))).toEqual([null]);
    expect(pinsOf(imported(draft, `[192.0.2.11]:2222 ${rsa.line}`))).toEqual([rsa.pin]);
  });
});

describe('the file itself', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ixha-known-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read, and its absence has a sentence', async () => {
    writeFileSync(join(folder, 'known_hosts'), `192.0.2.11 ${rsa.line}`);
    const read = await readKnownHosts(join(folder, 'known_hosts'));
    expect(read.ok && read.value.entries.length).toBe(1);
    const missing = await readKnownHosts(join(folder, 'none'));
    expect(!missing.ok && missing.error.message).toContain('cannot be read');
  });
});
