import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DrillsKeeper } from '../../../electron/host/drills/drills-keeper.ts';
import { systemTime } from '../../../electron/host/host-time.ts';
import { productError } from '../../../shared/errors.ts';
import { fail } from '../../../shared/result.ts';
import { fixtures } from '../../screens/fixtures.ts';

/** Goal: what a person says of the plan of drills is kept, and one console makes one drill. Method: a profile folder, and a site that is seen and answers nothing. */
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ixha-drills-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keeper(): DrillsKeeper {
  const view = fixtures.healthy().site!;
  const site = {
    profileDirectory: folder,
    me: { name: 'admin-1', role: 'admin' },
    watch: {
      site: { id: view.id, clusters: [{ id: 'WK1' }, { id: 'WK2' }] },
      view: () => view,
      agents: () => [],
    },
    ask: () => Promise.resolve(fail(productError('agent.unreachable', 'No answer.'))),
  };
  const log = { info: () => undefined, error: () => undefined };
  return new DrillsKeeper({ time: systemTime(), log, site: () => site as never, onNews: () => undefined });
}
const often = (cluster: string, everyDays: number | null) =>
  ({ act: 'plan', interval: { cluster, kind: 'engine-kill', everyDays } }) as const;
const engineKills = (done: Awaited<ReturnType<DrillsKeeper['act']>>) =>
  done.ok ? done.value.due.filter(({ kind }) => kind === 'engine-kill') : done.error.code;

describe('the plan of drills', () => {
  it('gets what a person says, keeps it for the next console, and is as usual again without it', async () => {
    expect(engineKills(await keeper().act(often('WK2', 180)))).toMatchObject([
      { cluster: 'WK2', everyDays: 180 },
    ]);
    const next = keeper();
    await next.open();
    expect(next.view().due.map(({ cluster, kind }) => `${cluster} ${kind}`)).toContain('WK2 engine-kill');
    expect(engineKills(await next.act(often('WK2', 365)))).toMatchObject([{ everyDays: 365 }]);
    expect(engineKills(await next.act(often('WK2', null)))).toEqual([]);
    expect(next.view().due.map(({ kind }) => kind)).toEqual(['switchover-and-back', 'switchover-and-back']);
  });

  it('takes nothing of a cluster that the site does not have', async () => {
    expect(engineKills(await keeper().act(often('WK9', 180)))).toBe('drill.refused');
    expect(existsSync(join(folder, 'drill-routines.json'))).toBe(false);
  });

  it('keeps a damaged plan aside, and says so', async () => {
    writeFileSync(join(folder, 'drill-routines.json'), '{');
    const one = keeper();
    await one.open();
    expect(one.view().trouble).not.toBeNull();
    await one.act(often('WK1', 30));
    expect(readFileSync(join(folder, 'drill-routines.json'), 'utf8')).toContain('engine-kill');
  });
});

describe('one console', () => {
  it('begins one drill where two are asked for at once', async () => {
    const one = keeper();
    const start = { act: 'start', cluster: 'WK1', kind: 'dry-run', reason: 'a test' } as const;
    const both = await Promise.all([one.act(start), one.act(start)]);
    expect(both.map((done) => (done.ok ? 'begun' : done.error.code)).toSorted()).toEqual([
      'begun',
      'drill.refused',
    ]);
    expect(one.view().records).toHaveLength(1);
    await one.stop();
  });

  it('may begin one again after a drill that could not be kept', async () => {
    const one = keeper();
    const start = { act: 'start', cluster: 'WK1', kind: 'dry-run', reason: 'a test' } as const;
    writeFileSync(join(folder, 'drills'), 'no folder');
    expect(await one.act(start)).toMatchObject({ ok: false, error: { code: 'drill.not-kept' } });
    rmSync(join(folder, 'drills'));
    expect(await one.act(start)).toMatchObject({ ok: true });
    await one.stop();
  });
});
