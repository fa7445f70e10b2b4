import { mkdtempSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PlanKeeper, type PlannedSite } from '../../../../electron/host/behaviour/plan-keeper.ts';
import { succeed } from '../../../../shared/result.ts';
import type { SetupDraft } from '../../../../shared/setup/draft.ts';
import type { SetupView } from '../../../../shared/setup/setup-view.ts';
import { nothingMeasured } from '../../../../shared/setup/timing-choice.ts';
import { wholeDraft } from '../../setup/setup-draft-fixture.ts';
import { sampleSite } from '../samples.ts';

/** Goal: what an owner accepts is kept where it belongs. Method: a keeper over temporary folders. */
let root: string;
let site: PlannedSite | null;
let draft: SetupDraft;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-plan-'));
  site = null;
  draft = wholeDraft();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = () => join(root, 'setup');
const profile = () => join(root, 'clinic');
const keeper = () =>
  new PlanKeeper({
    folder: folder(),
    site: () => site,
    setup: () => Promise.resolve(succeed({ draft, measured: { times: nothingMeasured } } as SetupView)),
    wallTime: () => '2026-09-04T08:15:00.000Z',
  });
const shown = (role: 'admin' | 'operator'): PlannedSite => ({
  profileDirectory: profile(),
  me: { name: 'anna', role },
  document: sampleSite(),
});
const asked = { owner: ' Dr. Berg ', note: 'read' };

test('keeps an acceptance with the settings that it was given for', async () => {
  site = shown('admin');
  const { value } = (await keeper().accept({ of: 'site', ...asked })) as { value: { behaviour: unknown } };
  expect(await keeper().open('site')).toMatchObject({
    value: { acceptance: { owner: 'Dr. Berg', note: 'read', by: 'anna', basis: value.behaviour } },
  });
  expect(readdirSync(profile())).toEqual(['failover-plan.json']);
});

test('gives what was accepted during a setup to the site that was set up, once, and never over its own', async () => {
  expect(await keeper().accept({ of: 'setup', ...asked })).toMatchObject({ ok: true });
  await keeper().adopt(profile());
  site = shown('admin');
  expect(await keeper().open('site')).toMatchObject({ value: { acceptance: { owner: 'Dr. Berg' } } });
  expect(readdirSync(folder())).toEqual([]);
  await keeper().accept({ of: 'setup', owner: 'Somebody', note: '' });
  await keeper().adopt(profile());
  expect(await keeper().open('site')).toMatchObject({ value: { acceptance: { owner: 'Dr. Berg' } } });
});

test('says what a setup still needs, and accepts nothing before', async () => {
  draft = wholeDraft({ timing: null });
  expect(await keeper().open('setup')).toMatchObject({
    value: { behaviour: null, missing: expect.arrayContaining(['Choose a timing.']) as string[] },
  });
  expect(await keeper().accept({ of: 'setup', ...asked })).toMatchObject({
    error: { code: 'request.invalid' },
  });
});

test('takes no acceptance from an operator, and none without a name', async () => {
  site = shown('operator');
  expect(await keeper().accept({ of: 'site', ...asked })).toMatchObject({
    error: { code: 'command.forbidden' },
  });
  site = shown('admin');
  expect(await keeper().accept({ of: 'site', owner: ' ', note: '' })).toMatchObject({
    error: { code: 'request.invalid' },
  });
});

test('puts a damaged acceptance aside and says so once', async () => {
  site = shown('admin');
  mkdirSync(profile(), { recursive: true });
  writeFileSync(join(profile(), 'failover-plan.json'), '{"schema":1,"owner":');
  const one = keeper();
  expect(await one.open('site')).toMatchObject({ error: { code: 'site.damaged' } });
  expect(await one.open('site')).toMatchObject({ value: { acceptance: null } });
});
