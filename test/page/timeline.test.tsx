import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { journalRecord } from '../unit/host/history/journal-record.ts';
import { failoverJournal } from '../unit/history/journals.ts';
import { openPage } from './open-page.tsx';

type Request = ConsoleRequest<'readTimeline'>;
type Answer = ConsoleResponse<'readTimeline'>;

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function role(server: string, minutes: number, verdict: string, epoch: number): JournalRecord {
  return journalRecord(1, { server, kind: 'role', verdict, epoch, wallTime: minutesAgo(minutes) });
}

function history(records: readonly JournalRecord[], changes: Partial<Answer> = {}) {
  return (request: unknown): Answer => {
    const { skip, limit } = request as Request;
    return {
      records: records.slice(skip, skip + limit),
      total: records.length,
      roles: [
        role('ig-north', 500, 'active', 1),
        role('ig-south', 500, 'passive', 0),
        role('ig-south', 20, 'active', 2),
      ],
      now: minutesAgo(0),
      journals: [],
      ...changes,
    };
  };
}

const open = (readTimeline: (request: unknown) => unknown) =>
  openPage({ snapshot: fixtures.healthy(), hash: '#/timeline', answers: { readTimeline } });

beforeEach(() => {
  // jsdom lays nothing out; the list draws the rows that fit its height.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
});

test('shows who was Active when, and where an Active was never heard to end', async () => {
  open(history([]));
  const lane = await screen.findByRole('img', { name: /WK1 on ig-north: Active, epoch 1, then Not known/ });
  expect(within(lane).getByTitle(/ended when ig-south became Active with epoch 2/)).toBeTruthy();
  expect(screen.getByRole('img', { name: /WK1 on ig-south: Passive, then Active, epoch 2/ })).toBeTruthy();
  expect(screen.getByRole('img', { name: 'WK2 on ig-north: not known in this window' })).toBeTruthy();
});

test('shows the roles at the instant of a picked record, and the record whole', async () => {
  open(
    history([
      journalRecord(7, {
        server: 'ig-north',
        wallTime: minutesAgo(10),
        sentence: 'ig-south becomes Active.',
        requestedBy: 'admin-1',
        operation: 'op-1',
      }),
    ]),
  );
  await userEvent.click(await screen.findByText('ig-south becomes Active.'));
  const card = screen.getByRole('region', { name: /^At / });
  expect(within(card).getByText('Active, epoch 2')).toBeTruthy();
  expect(within(card).getByText('ig-north, record 7')).toBeTruthy();
  expect(within(card).getByText('admin-1')).toBeTruthy();
});

test('leads from a record to all records of its change', async () => {
  const page = open(history([journalRecord(7, { operation: 'op-1', sentence: 'ig-south becomes Active.' })]));
  await userEvent.click(await screen.findByText('ig-south becomes Active.'));
  expect(screen.queryByRole('button', { name: 'Steps' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'All its records' }));
  expect(screen.getByLabelText<HTMLInputElement>('Words in the record').value).toBe('op-1');
  await screen.findByText('Nothing picked');
  expect(page.calls.map(({ request }) => (request as Request).text)).toContain('op-1');
});

test('tells the change of a picked record as a story: how long, why that long, and line by line', async () => {
  const records = failoverJournal().reverse();
  const page = open(history(records));
  await userEvent.click(await screen.findByText('ig-south is Active with epoch 2.'));
  const story = await screen.findByRole('region', { name: 'The change as a story' });
  expect(story.textContent).toContain('ig-south took WK1 over');
  expect(story.textContent).toContain('15.9 s without an Active. Most of it, 13.2 s of 15.9 s');
  expect(within(story).getByText('waiting for the lease')).toBeTruthy();
  expect(within(story).getByText('ig-north does not answer; its last answer came 1.2 s ago.')).toBeTruthy();
  const asked = page.calls.map(({ request }) => request as Request).find(({ limit }) => limit === 500);
  expect(asked).toMatchObject({ clusters: ['WK1'], kinds: [], text: '' });
  expect(Date.parse(asked!.to!) - Date.parse(asked!.from!)).toBe(20 * 60_000);
});

test('says that no step of a change is here, and why the journals cannot be read', async () => {
  const only = journalRecord(7, { operation: 'op-1', sentence: 'Asked for.' });
  const page = open((request) => {
    if ((request as Request).limit === 500 && fails) {
      throw new CallFailure(productError('history.unavailable', 'The history could not be read.'));
    }
    return history([only])(request);
  });
  let fails = false;
  await userEvent.click(await screen.findByText('Asked for.'));
  expect(await screen.findByText('No step of this change is in the journals here.')).toBeTruthy();
  fails = true;
  page.go('#/');
  page.go('#/timeline');
  await userEvent.click(await screen.findByText('Asked for.'));
  expect(await screen.findByText('The history could not be read.')).toBeTruthy();
});

test('asks for what the filters say, and says when nothing matches', async () => {
  const page = open((request) =>
    history((request as Request).text === 'lease' ? [] : [journalRecord(1)])(request),
  );
  await screen.findByText('Record 1.');
  fireEvent.change(screen.getByLabelText('Cluster'), { target: { value: 'WK2' } });
  fireEvent.change(screen.getByLabelText('Kind of record'), { target: { value: 'Steps' } });
  fireEvent.change(screen.getByLabelText('Words in the record'), { target: { value: 'lease' } });
  expect(await screen.findByText('No record matches')).toBeTruthy();
  const asked = page.calls.map(({ request }) => request as Request);
  expect(asked).toContainEqual(
    expect.objectContaining({ clusters: ['WK2'], kinds: ['step'], text: 'lease' }),
  );
});

test('reads only the page in view of a long history', async () => {
  const page = open(history(Array.from({ length: 100_000 }, (_, index) => journalRecord(100_000 - index))));
  expect(await screen.findByText('Record 100000.')).toBeTruthy();
  expect(screen.getByText(/100,000 records/)).toBeTruthy();
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
  const skips = page.calls.flatMap(({ name, request }) =>
    name === 'readTimeline' ? [(request as Request).skip] : [],
  );
  expect(new Set(skips)).toEqual(new Set([0]));
});

test('says which journals are missing here and why', async () => {
  open(
    history([], {
      journals: [
        { cluster: 'WK1', server: 'ig-north', head: 5, wanted: 9, missing: 0, why: 'It did not answer.' },
        { cluster: 'WK1', server: 'ig-south', head: 5, wanted: 9_000, missing: 0, why: null },
        { cluster: 'WK2', server: 'ig-north', head: 5, wanted: 5, missing: 12, why: null },
      ],
    }),
  );
  expect(await screen.findByText('The journal of WK1 on ig-north could not be read')).toBeTruthy();
  expect(screen.getByText('The journal of WK1 on ig-south is being read')).toBeTruthy();
  expect(screen.getByText('12 records of WK2 on ig-north are not here')).toBeTruthy();
});

test('says why the history cannot be shown, and what to do', async () => {
  open(() => {
    throw new CallFailure(
      productError('history.unavailable', 'The history of this site could not be opened.'),
    );
  });
  expect(await screen.findByText('The history of this site could not be opened.')).toBeTruthy();
  expect(screen.getByText(/Make room on the disk/)).toBeTruthy();
});
