import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import type { ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { journalRecord } from '../unit/host/history/journal-record.ts';
import { failoverJournal, written } from '../unit/history/journals.ts';
import { siteDifference } from '../../shared/history/site-difference.ts';
import { siteThen } from '../../shared/history/site-then.ts';
import { openPage } from './open-page.tsx';
import { history, minutesAgo, openTimeline } from './timeline-host.ts';

type Request = ConsoleRequest<'readTimeline'>;
const open = openTimeline;

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

test('tells the site at the picked instant, and what changed between two picked ones', async () => {
  const records = failoverJournal().reverse();
  const roles = [
    written('ig-south', 27_300, 'role', 'ig-south is Active with epoch 2.', { verdict: 'active' }),
  ];
  const all = [...records, ...roles];
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/timeline',
    answers: {
      ...history(records),
      readInstant: (request) => siteThen(all, (request as { at: string }).at, null),
      readDifference: (request) => {
        const [before, after] = [request as { one: string; other: string }]
          .flatMap(({ one, other }) => [one, other])
          .toSorted()
          .map((at) => siteThen(all, at, null));
        return { before, after, difference: siteDifference(before!, after!, all), leftOut: 0 };
      },
    },
  });
  await userEvent.click(await screen.findByText(/ig-north does not answer; its last answer/));
  const panel = await screen.findByRole('region', { name: 'As the journals tell it' });
  expect(await within(panel).findByText(/WK1: who was Active is not known/)).toBeTruthy();
  await userEvent.click(within(panel).getByRole('button', { name: 'Compare with another instant' }));
  await userEvent.click(screen.getByText('ig-south is Active with epoch 2.'));
  expect(await within(panel).findByText(/ig-south, role: not known → Active/)).toBeTruthy();
  expect(page.calls.map(({ name }) => name)).toContain('readDifference');
  await userEvent.click(within(panel).getByRole('button', { name: 'End the comparison' }));
  expect(await within(panel).findByText(/ig-south was Active with epoch 2/)).toBeTruthy();
});

test('draws the topology of the picked instant, and that of another one that is picked then', async () => {
  const records = failoverJournal().reverse();
  const all = [
    ...records,
    written('ig-north', 10, 'role', 'ig-north is Active with epoch 1.', { verdict: 'active', epoch: 1 }),
    written('ig-south', 27_300, 'role', 'ig-south is Active with epoch 2.', { verdict: 'active' }),
  ];
  open({
    ...history(records),
    readInstant: (request) => siteThen(all, (request as { at: string }).at, null),
  });
  await userEvent.click(await screen.findByText(/ig-north does not answer; its last answer/));
  await userEvent.click(await screen.findByRole('button', { name: 'Topology of WK1 then' }));
  const picture = await screen.findByLabelText('Topology of WK1 then');
  expect(within(picture).getByLabelText('ig-north, Active')).toBeTruthy();
  expect(within(picture).getByLabelText('ig-south, not known')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Show the records' }));
  await userEvent.click(await screen.findByText('ig-south is Active with epoch 2.'));
  await userEvent.click(await screen.findByRole('button', { name: 'Topology of WK1 then' }));
  expect(await screen.findByLabelText('ig-south, Active')).toBeTruthy();
  expect(screen.getByLabelText('ig-north, not known')).toBeTruthy();
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
  const page = open({
    ...history([only]),
    readTimeline: (request) => {
      if ((request as Request).limit === 500 && fails) {
        throw new CallFailure(productError('history.unavailable', 'The history could not be read.'));
      }
      return history([only]).readTimeline(request);
    },
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
  const found = (request: unknown) =>
    history((request as Request).text === 'lease' ? [] : [journalRecord(1)]);
  const page = open({
    readTimeline: (request) => found(request).readTimeline(request),
    readTimelineOverview: (request) => found(request).readTimelineOverview(),
  });
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
  const asked = page.calls.flatMap(({ name, request }) =>
    name === 'readTimeline' ? [(request as Request).skip] : [],
  );
  expect(new Set(asked)).toEqual(new Set([0]));
});

/** Scrolls the list to a row; jsdom lays nothing out. */
function scrollTo(row: number) {
  const list = screen.getByRole('region', { name: 'Records' });
  list.scrollTop = row * 27;
  fireEvent.scroll(list);
}

test('reads on behind the last record that is here, and jumps to any place', async () => {
  const page = open(history(Array.from({ length: 100_000 }, (_, index) => journalRecord(100_000 - index))));
  await screen.findByText('Record 100000.');
  scrollTo(150);
  expect(await screen.findByText('Record 99850.')).toBeTruthy();
  scrollTo(50_000);
  expect(await screen.findByText('Record 50000.')).toBeTruthy();
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
  const asked = page.calls.flatMap(({ name, request }) =>
    name === 'readTimeline' && (request as Request).before !== null ? [request as Request] : [],
  );
  expect(asked[0]).toMatchObject({ skip: 0 });
  expect(asked[0]!.before![4]).toBe(99_901);
  expect(asked.every(({ limit }) => limit === 100)).toBe(true);
});

test('asks for one page at a time, and then for the one that is in view', async () => {
  const records = Array.from({ length: 100_000 }, (_, index) => journalRecord(100_000 - index));
  const asked: { readonly skip: number; readonly answer: () => void }[] = [];
  open({
    ...history(records),
    readTimeline: (request) => {
      const { skip, before } = request as Request;
      const page = history(records).readTimeline(request);
      if (skip === 0 && before === null) return page;
      return new Promise((resolve) => asked.push({ skip, answer: () => resolve(page) }));
    },
  });
  await screen.findByText('Record 100000.');
  scrollTo(20_000);
  await waitFor(() => expect(asked).toHaveLength(1));
  for (const row of [30_000, 40_000, 60_000]) scrollTo(row);
  await screen.findAllByText('Reading…');
  expect(asked).toHaveLength(1);
  asked[0]!.answer();
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]!.skip).toBeGreaterThan(35_000);
  await waitFor(() => {
    for (const { answer } of asked) answer();
    expect(screen.getByText('Record 40000.')).toBeTruthy();
  });
});

test('a list that was scrolled stays as it is when more is written, and says that there is more', async () => {
  let records = Array.from({ length: 1_000 }, (_, index) => journalRecord(1_000 - index));
  const page = open({
    readTimeline: (request) => history(records).readTimeline(request),
    readTimelineOverview: () => history(records).readTimelineOverview(),
  });
  await screen.findByText('Record 1000.');
  scrollTo(500);
  expect(await screen.findByText('Record 500.')).toBeTruthy();
  records = [journalRecord(1_001), ...records];
  const more = fixtures.healthy();
  more.site!.clusters[0]!.members[0]!.snapshot!.journalHead += 1;
  page.say(more);
  const back = await screen.findByRole('button', { name: /Newer records/ });
  expect(screen.getByText('Record 500.')).toBeTruthy();
  await userEvent.click(back);
  scrollTo(0);
  expect(await screen.findByText('Record 1001.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Newer records/ })).toBeNull();
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
  const fail = () => {
    throw new CallFailure(
      productError('history.unavailable', 'The history of this site could not be opened.'),
    );
  };
  open({ readTimeline: fail, readTimelineOverview: fail });
  expect(await screen.findByText('The history of this site could not be opened.')).toBeTruthy();
  expect(screen.getByText(/Make room on the disk/)).toBeTruthy();
});
