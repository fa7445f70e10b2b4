import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import {
  storeEmpty,
  storeEmptyAlone,
  storeReplaced,
  storeReplacedForOne,
  storeSilent,
} from '../screens/replacement-fixtures.ts';
import { clusterOf, healthy } from '../screens/site-fixture.ts';
import { openPage, type PageOptions } from './open-page.tsx';

const hash = '#/cluster/WK1/replace-store';
const accepted = () => ({ accepted: true, operation: 'store-9f3c21aa' });
const open = (
  snapshot: PageOptions['snapshot'] = storeEmpty(),
  replaceStore: (request: unknown) => unknown = accepted,
) => openPage({ snapshot, hash, answers: { replaceStore } });
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const act = () => screen.getByRole('button', { name: 'Replace the lease store of WK1' });
const row = (name: RegExp) => screen.getByRole('row', { name });

async function confirm(): Promise<void> {
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), 'its disk died');
  await userEvent.click(act());
}

describe('the replacement of a lost lease store', () => {
  test('is offered to an administrator where an empty store runs in its place, and only there', async () => {
    const page = openPage({ snapshot: healthy(), hash: '#/cluster/WK1' });
    expect(screen.queryByRole('button', { name: /Replace lease store/ })).toBeNull();
    page.say(storeEmpty());
    await press('Replace lease store…');
    expect(window.location.hash).toBe(hash);
  });

  test('is not offered where the store is only behind a takeover that was forced without it', () => {
    const behind = (forcedBy: string | null) => {
      const snapshot = storeEmpty();
      for (const { snapshot: member } of clusterOf(snapshot, 'WK1').members)
        member!.replacement = { standing: 'behind', blockers: [] };
      const north = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
      const livesOn = forcedBy === null ? null : { by: forcedBy, sinceMs: 19_000 };
      north.forced = { livesOn, fence: null, blockers: [], readmission: null };
      return snapshot;
    };
    const page = openPage({ snapshot: behind('admin-1'), hash: '#/cluster/WK1' });
    expect(screen.queryByRole('button', { name: /Replace lease store/ })).toBeNull();
    page.say(behind(null));
    expect(screen.getByRole('button', { name: /Replace lease store/ })).toBeTruthy();
  });

  test('is not offered for what the Passive heard before the Active got its lease, but for an older epoch of the store', () => {
    const page = openPage({ snapshot: healthy(), hash: '#/cluster/WK1' });
    const stale = (passiveKnows: number) => {
      const snapshot = healthy();
      const [north, south] = clusterOf(snapshot, 'WK1').members.map((member) => member.snapshot!);
      north!.replacement = { standing: 'working', blockers: [] };
      south!.replacement = { standing: 'behind', blockers: [] };
      south!.lease.epoch = passiveKnows;
      return snapshot;
    };
    const { epoch } = clusterOf(healthy(), 'WK1').members[0]!.snapshot!.lease;
    page.say(stale(epoch));
    expect(screen.queryByRole('button', { name: /Replace lease store/ })).toBeNull();
    page.say(stale(epoch + 1));
    expect(screen.getByRole('button', { name: /Replace lease store/ })).toBeTruthy();
  });

  test('shows what is known, asks the Active with the reason, and follows what members and store say', async () => {
    const page = open();
    expect(row(/Lease store, seen by ig-north .*runs, and has no record/)).toBeTruthy();
    await confirm();
    expect(page.calls.at(-1)).toMatchObject({
      name: 'replaceStore',
      request: { cluster: 'WK1', server: 'ig-north', epoch: 47, reason: 'its disk died' },
    });
    expect(row(/waiting: ig-south belongs to the new store/)).toBeTruthy();
    page.say(storeReplaced('awaited'));
    expect(row(/ok: ig-south belongs to the new store.*was st-7c1e; on its disk/)).toBeTruthy();
    expect(row(/ok: The store has its first record.*epoch 47/)).toBeTruthy();
    expect(row(/waiting: No lease of the lost store can be live any more.*another \d\.\d s/)).toBeTruthy();
    expect(row(/waiting: ig-north has its lease from it.*serves all the time/)).toBeTruthy();
    page.say(storeReplaced('held'));
    expect(screen.getByRole('heading', { name: 'The lease store of WK1 is replaced' })).toBeTruthy();
    expect(screen.getByText(/Automatic failover works again/)).toBeTruthy();
  });

  test('is done for a member that follows as soon as it has: the other one belongs to the new store already', async () => {
    const page = open(storeReplacedForOne());
    await confirm();
    expect(page.calls.at(-1)).toMatchObject({ name: 'replaceStore', request: { server: 'ig-south' } });
    expect(row(/ok: ig-north belongs to the new store/)).toBeTruthy();
    expect(row(/waiting: ig-south belongs to the new store/)).toBeTruthy();
    page.say(storeReplaced('held'));
    expect(screen.getByRole('heading', { name: 'The lease store of WK1 is replaced' })).toBeTruthy();
  });

  test('needs a statement, the typed name and the reason where the other member is gone', async () => {
    const page = open(storeEmptyAlone());
    await press('Continue to confirm');
    expect(screen.getByText(/two engines can process the same messages at once/)).toBeTruthy();
    expect(screen.getByText(/say what you have made sure of first/)).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('I state that ig-south is'), 'power-off');
    await userEvent.type(screen.getByLabelText(/Type the name/), 'WK1');
    await userEvent.type(screen.getByLabelText('Reason'), 'burned');
    await userEvent.click(act());
    expect(page.calls.at(-1)).toMatchObject({
      request: { server: 'ig-north', statement: 'power-off', typedName: 'WK1', reason: 'burned' },
    });
    expect(screen.queryByRole('row', { name: /ig-south belongs to the new store/ })).toBeNull();
  });

  test('is blocked while nothing runs in its place, and names the way out', async () => {
    open(storeSilent());
    expect(screen.getByText(/Nothing answers ig-north as a lease store/)).toBeTruthy();
    expect(screen.getByText(/Start the witness on ig-witness/)).toBeTruthy();
    await press('Continue to confirm');
    expect(screen.queryByLabelText('Reason')).toBeNull();
  });

  test('is refused to an operator before anything is asked', () => {
    const asOperator = storeEmpty();
    asOperator.me.role = 'operator';
    open(asOperator);
    expect(screen.getByText('You are operator; this is for administrators.')).toBeTruthy();
  });

  test('does not call an unanswered request failed, keeps watching, and sees that it was done', async () => {
    const page = open(storeEmpty(), () => {
      throw new CallFailure(productError('server.timeout', 'No answer within 20 s.'));
    });
    await confirm();
    expect((await screen.findAllByText('Outcome unknown, still watching')).length).toBeGreaterThan(0);
    page.say(storeReplaced('held'));
    expect(screen.getByRole('heading', { name: 'The lease store of WK1 is replaced' })).toBeTruthy();
  });

  test('tells a refusal with its next step, and is left with Escape', async () => {
    const error = productError('command.refused', 'Not yet: ig-south still uses a lease of the old store.');
    open(storeEmpty(), () => ({ accepted: false, error, blockers: [] }));
    await confirm();
    expect(await screen.findByText(/ig-south still uses a lease of the old store/)).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
  });
});
