import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AdvisorKeeper, type AdvisorPorts } from '../../../../electron/host/advisor/advisor-keeper.ts';
import { throughputAnswers } from '../../advisor/sample-answers.ts';
import { sampleSite } from '../samples.ts';

let root: string;
let site: ReturnType<AdvisorPorts['site']>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-advisor-'));
  site = null;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = () => join(root, 'setup');
const profile = () => join(root, 'clinic');
const keeper = () =>
  new AdvisorKeeper({ folder: folder(), site: () => site, wallTime: () => '2026-09-04T08:15:00.000Z' });
const shown = (role: 'admin' | 'viewer', demo = false): ReturnType<AdvisorPorts['site']> => ({
  profileDirectory: profile(),
  demo: demo ? ({} as never) : null,
  me: { name: 'anna', role },
  document: sampleSite(),
});
const answers = throughputAnswers();
const answer = (revision: number) => ({ act: 'answer', revision, answers }) as const;

test('keeps answers of a site to come on the workstation, also while the demo is shown, readable by their owner only', async () => {
  site = shown('admin', true);
  expect(await keeper().act(answer(0))).toMatchObject({
    ok: true,
    value: { keptFor: 'workstation', installed: null },
  });
  site = null;
  expect(await keeper().open()).toMatchObject({
    value: { record: { revision: 1, answers, changed: { by: 'this workstation' } } },
  });
  expect(readdirSync(folder())).toEqual(['advisor.json']);
});

test('gives them to the site that was set up, once, and never over answers of its own', async () => {
  await keeper().act(answer(0));
  await keeper().adopt(profile());
  site = shown('admin');
  expect(await keeper().open()).toMatchObject({
    value: { keptFor: 'site', record: { answers }, installed: {} },
  });
  expect(readdirSync(folder())).toEqual([]);
  site = null;
  await keeper().act({ ...answer(0), answers: throughputAnswers({ order: 'across' }) });
  await keeper().adopt(profile());
  site = shown('admin');
  expect(await keeper().open()).toMatchObject({ value: { record: { answers } } });
});

test('refuses a change that was made from older answers, and any change of a viewer', async () => {
  await keeper().act(answer(0));
  expect(await keeper().act(answer(0))).toMatchObject({ error: { code: 'setup.changed' } });
  site = shown('viewer');
  expect(await keeper().act(answer(0))).toMatchObject({ error: { code: 'command.forbidden' } });
});

test('keeps another design than the recommended one only with a reason, and what was accepted with it', async () => {
  site = shown('admin');
  await keeper().act({ ...answer(0), answers: throughputAnswers({ present: { storage: 'copied' } }) });
  const decide = { act: 'decide', revision: 1, design: 'active-passive', reason: ' ' } as const;
  expect(await keeper().act(decide)).toMatchObject({ error: { code: 'command.refused' } });
  expect(await keeper().act({ ...decide, reason: 'small team' })).toMatchObject({
    value: {
      record: {
        decision: {
          by: 'anna',
          recommended: 'multi-cluster',
          accepted: [expect.stringMatching(/^No loss is tolerated/)],
        },
      },
    },
  });
});

test('puts a damaged file aside, says so once, and begins anew', async () => {
  await keeper().act(answer(0));
  writeFileSync(join(folder(), 'advisor.json'), '{"schema":1');
  expect(await keeper().open()).toMatchObject({ error: { code: 'site.damaged' } });
  expect(await keeper().open()).toMatchObject({ ok: true, value: { record: { revision: 0 } } });
  const aside = readdirSync(folder()).find((name) => name.includes('damaged'));
  expect(readFileSync(join(folder(), aside!), 'utf8')).toBe('{"schema":1');
});
