import { mkdtempSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectSupport } from '../../../../agent/support/collect-support.ts';
import { bundleSite, type SupportInputs } from '../../../../electron/host/support/bundle-site.ts';
import type {
  CommandOutput,
  ServerConnection,
  SshTarget,
} from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { sampleSite } from '../install/install-samples.ts';
import { agentText } from '../../support/product-words.ts';
import { planted, plantServer } from '../../support/planted-server.ts';
import { readArchive } from '../../support/read-archive.ts';

/** Goal: one archive of whatever can be had, and nothing half. Method: servers in memory, a real folder, the system's tar. */
const words = agentText();
let folder: string;
let hang: PromiseWithResolvers<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-bundle-site-'));
  mkdirSync(join(folder, 'out'));
  hang = Promise.withResolvers();
});
afterEach(() => {
  hang.resolve();
  rmSync(folder, { recursive: true, force: true });
});

const out = () => join(folder, 'out/all.tar.gz');

function answering(
  name: string,
  answer: (argv: readonly string[]) => string | Promise<string>,
): ServerConnection {
  return {
    name,
    run: async (argv) => {
      const output: CommandOutput = {
        exitCode: 0,
        signal: null,
        stdout: await answer(argv),
        stderr: '',
        truncated: false,
      };
      return succeed(argv[0] === 'date' ? { ...output, stdout: `${Date.now()}` } : output);
    },
    upload: () => Promise.reject(new Error('a bundle places nothing')),
    close: () => undefined,
  };
}

function inputs(
  servers: Record<string, ServerConnection>,
  signal = new AbortController().signal,
): SupportInputs {
  return {
    site: sampleSite(),
    ask: () => Promise.resolve(fail(productError('agent.unreachable', 'It does not answer.'))),
    profileDirectory: folder,
    productVersion: '1.0.0-abc',
    programText: words,
    signal,
    onPart: () => undefined,
    target: ({ id }) => Promise.resolve(succeed({ name: id } as SshTarget)),
    connect: ({ name }) => {
      const server = servers[name];
      const away = productError('server.unreachable', `${name} cannot be reached.`);
      return Promise.resolve(server ? succeed(server) : fail(away));
    },
  };
}

describe('the support bundle of a site', () => {
  it('has what one server hands over, and names the others with why', async () => {
    const { means } = await plantServer(join(folder, 'north'));
    const material = JSON.stringify(await collectSupport(means, words));
    const made = await bundleSite(
      inputs({
        north: answering('north', () => material),
        south: answering('south', () => 'nonsense'),
        third: answering('third', () => `{"schema":1,"files":[{"path":"../../etc/passwd","text":""}]}`),
      }),
      out(),
    );
    expect(made.ok && made.value.lines[0]).toContain('from console, north');
    const { manifest, texts } = readArchive(out());
    expect(manifest.site).toBe('sample');
    expect([...texts.keys()]).toEqual(
      expect.arrayContaining(['console/site.json', 'north/WK1/journal.jsonl', 'north/system/clock.json']),
    );
    const missing = (from: string) =>
      manifest.missing.filter((one) => one.from === from).map(({ why }) => why);
    expect(missing('lb')).toEqual(['lb cannot be reached. [server.unreachable]']);
    for (const odd of ['south', 'third'])
      expect(missing(odd)).toEqual(['Its answer has another form than expected.']);
    expect(missing('console')).toContain('It does not answer. [agent.unreachable]');
    expect(manifest.neverIncluded.length).toBeGreaterThan(3);
    expect(statSync(out()).mode & 0o777).toBe(0o600);
  });

  it('holds nothing of what is planted on the workstation', async () => {
    const step = {
      at: '2026-11-28T21:30:01.123Z',
      server: 'north',
      step: planted.message,
      state: 'failed',
      error: { code: 'ssh.command-failed', message: planted.password, details: [planted.token] },
    };
    writeFileSync(join(folder, 'install-transcript.jsonl'), `${JSON.stringify(step)}\n${planted.patient}\n`);
    mkdirSync(join(folder, 'console'));
    writeFileSync(join(folder, 'console/key.pem'), planted.apiKey);
    const site = sampleSite();
    site.clusters[0]!.pollers = [planted.patient];
    site.clusters[0]!.members[0]!.engine.apiUser = planted.apiKey;
    await bundleSite({ ...inputs({}), site }, out());
    const { texts } = readArchive(out());
    expect(texts.get('console/install-transcript.jsonl')).toContain('"code":"ssh.command-failed"');
    const all = [...texts.values()].join('\n');
    for (const secret of Object.values(planted)) expect(all).not.toContain(secret);
  });

  it('leaves nothing when it is called off in the middle', async () => {
    const stop = new AbortController();
    const slow = answering('north', () => (stop.abort(), hang.promise.then(() => '')));
    const made = await bundleSite(inputs({ north: slow }, stop.signal), out());
    expect(!made.ok && made.error.code).toBe('support.not-written');
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('replaces no file, and leaves none half where it cannot write', async () => {
    writeFileSync(out(), 'of yesterday');
    const again = await bundleSite(inputs({}), out());
    expect(!again.ok && again.error.message).toContain('is there already');
    const nowhere = await bundleSite(inputs({}), join(folder, 'none/all.tar.gz'));
    expect(!nowhere.ok && nowhere.error.message).toContain('ENOENT');
    expect(readdirSync(join(folder, 'out'))).toEqual(['all.tar.gz']);
  });
});
