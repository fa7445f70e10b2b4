import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectSupport } from '../../../../agent/support/collect-support.ts';
import { SupportMaterial } from '../../../../shared/support/support-material.ts';
import { planted, plantServer } from '../../support/planted-server.ts';
import { agentText } from '../../support/product-words.ts';

/** Goal: what helps is there, what is nobody's business is not. Method: a server's folder with secrets wherever a text can stand. */
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'ixha-support-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const words = agentText();
const textOf = (material: SupportMaterial, path: string) =>
  material.files.find((file) => file.path === path)?.text ?? '';

describe('what a server hands over for a support bundle', () => {
  it('holds nothing of what is planted, in no file and in no name', async () => {
    const { means, keyText } = await plantServer(root);
    const all = JSON.stringify(await collectSupport(means, words));
    for (const [name, secret] of Object.entries(planted))
      expect([name, all.includes(secret)]).toEqual([name, false]);
    for (const line of keyText.split('\n').filter((part) => part.length > 10))
      expect(all).not.toContain(line);
    expect(all).not.toContain('BEGIN');
    for (const part of ['Erika', '4711081512', '19640812', 'horse', 'Battery'])
      expect(all).not.toContain(part);
  });

  it('tells journal, state, certificates, units, logs and storage', async () => {
    const { means } = await plantServer(root);
    const material = await collectSupport(means, words);
    expect(SupportMaterial.safeParse(material).success).toBe(true);
    const journal = textOf(material, 'WK1/journal.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(journal[0]).toMatchObject({
      seq: 1,
      epoch: 7,
      sentence: 'The lease is renewed.',
      bootMs: 123_456,
    });
    expect(journal[1]!['sentence']).toMatch(
      /^Switchover to south asked for by admin .*accepted, because: \[left out\]$/,
    );
    expect(journal[1]!['previous']).toBe(journal[0]!['lineHash']);
    expect(JSON.parse(textOf(material, 'WK1/journal-chain.json'))).toMatchObject({
      records: 3,
      whole: true,
      lastSeq: 3,
    });
    expect(JSON.parse(textOf(material, 'WK1/state.json'))).toMatchObject({
      memory: {
        epoch: 7,
        operation: { id: 'ab12cd34', kind: 'switchover', to: 'south' },
        writtenByThisMachine: false,
      },
      deadline: [7, 123_456],
    });
    expect(JSON.parse(textOf(material, 'WK1/certificates.json'))).toMatchObject({
      certificate: { identity: 'ixha://sample/member/WK1/north', issuedByAuthority: true, daysLeft: 99 },
      key: expect.stringMatching(/^0\d{3} \d+:\d+ \d+$/) as string,
    });
    expect(JSON.parse(textOf(material, 'WK1/storage.json'))).toMatchObject({
      directory: '/share/wk1',
      kind: 'cifs',
      options: ['rw', 'vers=3.1.1'],
      otherOptions: 2,
    });
    expect(textOf(material, 'system/units.json')).toContain('"ActiveState": "active"');
    expect(textOf(material, 'logs/ixha-agent@WK1.service.jsonl')).toContain('The lease is renewed.');
    expect(material.missing.map(({ what }) => what)).toEqual([
      'the status of the agent of WK1',
      'the evidence of the agent of WK1',
    ]);
  });

  it('says where the chain of a journal does not hold', async () => {
    const { means } = await plantServer(root);
    const file = join(root, 'state/WK1/journal/0000000001.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(
      file,
      [lines[0]!.replace('renewed', 'RENEWED'), ...lines.slice(1, -1), '{"torn":\n'].join('\n'),
    );
    appendFileSync(file, '{"half a line');
    const chain = textOf(await collectSupport(means, words), 'WK1/journal-chain.json');
    expect(JSON.parse(chain)).toMatchObject({
      whole: false,
      brokenAt: [2],
      unreadable: ['0000000001.jsonl:4'],
    });
  });

  it('names what cannot be had and why, and brings the rest', async () => {
    const { means } = await plantServer(root);
    writeFileSync(join(root, 'etc/WK1/member.json'), `{"cluster": "${planted.password}"}`);
    const { files, missing } = await collectSupport(means, words);
    expect(missing).toContainEqual({
      what: join(root, 'etc/WK1/member.json'),
      why: expect.stringContaining('another form') as string,
    });
    expect(files.map(({ path }) => path)).toContain('system/machine.json');
    const nothing = await collectSupport(
      {
        ...means,
        folders: { ...means.folders, configuration: join(root, 'none') },
        run: () => Promise.reject(new Error('ended with 1')),
      },
      words,
    );
    expect(nothing.missing.map(({ what }) => what)).toEqual([
      `the configuration in ${join(root, 'none')}`,
      'the state of the units',
    ]);
  });
});
