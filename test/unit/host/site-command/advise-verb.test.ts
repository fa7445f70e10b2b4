import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advise } from '../../../../electron/host/site-command/advise-verb.ts';
import type { AdvisorRecord } from '../../../../shared/advisor/record.ts';
import { siteDocument } from '../../../screens/site-document-fixture.ts';
import { throughputAnswers } from '../../advisor/sample-answers.ts';

/** Goal: the command line tells decision and drift as the page does. Method: a profile folder with what a console keeps. */
let profile: string;
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'ixha-advise-'));
  writeFileSync(join(profile, 'site.json'), JSON.stringify(siteDocument()));
});
afterEach(() => rmSync(profile, { recursive: true, force: true }));

const record = (decision: AdvisorRecord['decision']): AdvisorRecord => ({
  schema: 1,
  revision: 3,
  answers: throughputAnswers(),
  changed: null,
  decision,
});
const keep = (value: AdvisorRecord) => writeFileSync(join(profile, 'advisor.json'), JSON.stringify(value));
const told = async (file = '', json = false) => {
  const said: unknown[] = [];
  const outcome = await advise({ file, profile, json }, (advice) => said.push(advice));
  return { outcome, said, lines: outcome.ok ? outcome.value : outcome.error.map(({ message }) => message) };
};

test('what was decided is told with who has decided it, and where the site has moved away from it', async () => {
  keep(
    record({
      ...{ design: 'active-passive', recommended: 'multi-cluster', accepted: ['one server carries all'] },
      ...{ reason: 'a small team', by: 'admin-1', at: '2026-03-01T08:00:00.000Z' },
    }),
  );
  const { lines } = await told();
  expect(lines).toContain('Decided: Active–Passive, by admin-1 on 2026-03-01: a small team');
  expect(lines).toContain('  accepted: one server carries all');
  expect(lines.join('\n')).toContain('Active–Passive was decided on 2026-03-01, and');
  const { said } = await told('', true);
  expect(said).toMatchObject([
    {
      ...{ decision: { by: 'admin-1' }, installed: { design: 'multi-cluster' } },
      drift: expect.arrayContaining([expect.stringContaining('was decided on')]) as unknown,
    },
  ]);
});

test('answers of a file are compared with the site too, without anything that is kept', async () => {
  const file = join(profile, 'answers.json');
  writeFileSync(file, JSON.stringify(throughputAnswers()));
  const { lines } = await told(file);
  expect(lines).toContain('Nobody has written a decision down.');
  expect(lines).toContain('What is installed is no longer as it was answered and decided:');
});

test('a profile without answers, or without a site, is told with the next step', async () => {
  const none = await told();
  expect(none.outcome).toMatchObject({ ok: false, error: [{ code: 'request.invalid' }] });
  expect(none.lines[0]).toContain('No answers of the advisor are kept in');
  rmSync(join(profile, 'site.json'));
  expect((await told()).outcome).toMatchObject({ ok: false, error: [{ code: 'site.missing' }] });
});
