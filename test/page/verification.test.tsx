import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import type { ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import { productError } from '../../shared/errors.ts';
import type { KeptVerification } from '../../shared/verification/kept-verification.ts';
import { fixtures } from '../screens/fixtures.ts';
import {
  keptFixture,
  looksReply,
  overtakenLooks,
  verificationReply,
} from '../screens/verification-fixture.ts';
import { openPage } from './open-page.tsx';

const open = (kept: KeptVerification | null, answers: Record<string, (request: unknown) => unknown> = {}) =>
  openPage({
    snapshot: fixtures.healthy(),
    hash: '#/verification/WK1/e272e383',
    answers: { readVerification: () => verificationReply(kept), ...answers },
  });
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe('the verification of a move', () => {
  it('says in one sentence how many lines hold, and shows each with before, after and evidence', async () => {
    open(keptFixture('good'));
    expect(await screen.findByRole('heading', { name: 'All 18 lines hold: verified' })).toBeTruthy();
    const row = screen.getByRole('row', { name: /^PROVEN Epoch, generation/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(expect.arrayContaining(['PROVEN', '2', '3']));
    expect(screen.getByText('no VIOLATED')).toBeTruthy();
  });

  it('opens the first line that does not hold, with what is missing and what to do', async () => {
    open(keptFixture('silent'));
    const panel = await screen.findByRole('region', { name: 'One engine only' });
    expect(within(panel).getByText('UNKNOWN')).toBeTruthy();
    expect(panel.textContent).toContain('ig-north no answer within 4 s');
    expect(panel.textContent).toContain('What to doBring ig-north back');
  });

  it('opens another line by its button', async () => {
    open(keptFixture('good'));
    fireEvent.click(await screen.findByRole('button', { name: 'Duplicates' }));
    const panel = screen.getByRole('region', { name: 'Duplicates' });
    expect(panel.textContent).toContain('none was sent again');
  });

  it('shows the queue that did not go on first, with why, and folds those that are equal', async () => {
    open(keptFixture('gap'));
    const ledger = await screen.findByRole('region', { name: 'Components of the ledger' });
    const [, first] = within(ledger).getAllByRole('row');
    expect(first!.textContent).toContain('2 messages are neither delivered nor waiting');
    expect(within(first!).getByText('VIOLATED')).toBeTruthy();
  });

  it('names the last message of a component before and after', async () => {
    open(keptFixture('good'));
    const ledger = await screen.findByRole('region', { name: 'Components of the ledger' });
    const row = within(ledger).getByRole('row', { name: /^Admissions in/ });
    expect(row.textContent).toMatch(/M8842022026-03-14 04:31:50M8842022026-03-14 04:31:50$/);
  });

  it('says what is awaited while it is under way', async () => {
    open(null);
    expect(await screen.findByText(/for 4.3 s of at most 25 s/)).toBeTruthy();
    expect(screen.getByText(/Still awaited: V10 Pollers once/)).toBeTruthy();
  });

  it('says why there is nothing to verify', async () => {
    open(null, {
      readVerification: () => {
        throw new CallFailure(
          productError('verification.no-move', 'The history tells of no move of WK1 yet.'),
        );
      },
    });
    expect(await screen.findByText('The history tells of no move of WK1 yet.')).toBeTruthy();
  });
});

describe('a person', () => {
  it('signs exactly what is shown, and what is open stands on the button', async () => {
    const kept = keptFixture('silent');
    const signature = {
      name: 'Ada',
      workstation: 'w',
      comment: 'seen',
      at: '',
      hash: kept.hash,
      unknown: 1,
      violated: 0,
    };
    const { calls } = open(kept, {
      signVerification: () => ({ kept: { ...kept, signatures: [signature] } }),
    });
    const sign = await screen.findByRole('form', { name: 'Sign' });
    type('Name', 'Ada');
    type('Comment', 'seen');
    fireEvent.click(within(sign).getByRole('button', { name: /^Sign with \d+ UNKNOWN$/ }));
    expect(await within(sign).findByRole('list', { name: 'Signatures' })).toBeTruthy();
    expect(calls.find(({ name }) => name === 'signVerification')?.request).toEqual({
      seen: { cluster: 'WK1', operation: 'e272e383', hash: kept.hash, signatures: 0 },
      name: 'Ada',
      comment: 'seen',
    });
    type('Name', 'Ada');
    expect(sign.textContent).toContain('Not now: Ada has signed this');
  });

  it('is told when somebody else has signed meanwhile', async () => {
    open(keptFixture('good'), {
      signVerification: () => {
        throw new CallFailure(productError('verification.changed', 'admin-2 has signed meanwhile.'));
      },
    });
    const sign = await screen.findByRole('form', { name: 'Sign' });
    fireEvent.click(within(sign).getByRole('button', { name: 'Sign' }));
    expect(await screen.findByText('admin-2 has signed meanwhile.')).toBeTruthy();
  });

  it('judges a line that could not be seen, never one that was', async () => {
    const kept = keptFixture('silent');
    const judgement = {
      line: 'V01',
      finding: 'in-order' as const,
      name: 'Ada',
      workstation: 'w',
      comment: 'It is off.',
      at: '',
    };
    const { calls } = open(kept, {
      judgeLine: () => ({ kept: { ...kept, hash: 'other', judgements: [judgement] } }),
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Judge…' }));
    fireEvent.click(screen.getByLabelText('In order'));
    type('How you know', 'It is off.');
    type('Your name', 'Ada');
    fireEvent.click(screen.getByRole('button', { name: 'Keep the judgement' }));
    const panel = await screen.findByRole('region', { name: 'One engine only' });
    expect(await within(panel).findByText('It is off.', { exact: false })).toBeTruthy();
    expect(within(panel).getByText('UNKNOWN')).toBeTruthy();
    expect(calls.find(({ name }) => name === 'judgeLine')?.request).toMatchObject({
      line: 'V01',
      finding: 'in-order',
    });
    fireEvent.click(screen.getByRole('button', { name: 'Lease held' }));
    expect(screen.queryByRole('button', { name: 'Judge…' })).toBeNull();
  });
});

describe('a move that was looked at again after the cluster had moved once more', () => {
  const [newest, signed] = overtakenLooks();
  const openLooks = (answers: Record<string, (request: unknown) => unknown> = {}) =>
    open(null, {
      readVerification: (request) =>
        looksReply([newest, signed], (request as ConsoleRequest<'readVerification'>).wanted),
      ...answers,
    });

  it('still shows what is violated, as the first look saw it, with when and what is seen now', async () => {
    openLooks();
    expect(await screen.findByRole('heading', { level: 1, name: /one is violated/ })).toBeTruthy();
    const panel = await screen.findByRole('region', { name: 'Queue position' });
    expect(within(panel).getByText('VIOLATED')).toBeTruthy();
    expect(panel.textContent).toContain('2 messages are neither delivered nor waiting');
    expect(panel.textContent).toMatch(/As look 1 saw it, .*The look that is shown: UNKNOWN, .*later epoch/);
    const ledger = screen.getByRole('region', { name: 'Components of the ledger' });
    expect(within(ledger).getByText('VIOLATED')).toBeTruthy();
  });

  it('shows and exports the look that was signed as it was signed, and has nobody sign it any more', async () => {
    const file = { fileName: 'verification.json', base64: '' };
    const { calls } = openLooks({ exportVerification: () => file });
    const choice = await screen.findByLabelText('Look');
    expect(within(choice).getAllByRole('option')[1]!.textContent).toMatch(
      /^Look 1, 1 VIOLATED, signed by owner-1, 14 Mar/,
    );
    fireEvent.change(choice, { target: { value: signed.hash } });
    expect(await screen.findByText('This is look 1, as it was then')).toBeTruthy();
    expect(screen.queryByText(/As look 1 saw it/)).toBeNull();
    const sign = screen.getByRole('form', { name: 'Sign' });
    expect(sign.textContent).toContain('Not now: a later look or judgement is kept');
    expect(screen.queryByRole('button', { name: 'Judge…' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'JSON schema 2' }));
    expect(calls.findLast((call) => call.name === 'exportVerification')?.request).toMatchObject({
      wanted: signed.hash,
    });
    fireEvent.click(screen.getByRole('button', { name: 'Show the newest' }));
    expect(await screen.findByText(/As look 1 saw it/)).toBeTruthy();
  });
});

describe('the report', () => {
  it.each([
    ['PDF A4', 'pdf', 'A4'],
    ['PDF Letter', 'pdf', 'Letter'],
    ['HTML one file', 'html', 'A4'],
    ['CSV 18 lines', 'csv', 'A4'],
    ['JSON schema 2', 'json', 'A4'],
  ])('is asked for as %s, in the time zone of whoever reads it', async (name, format, paper) => {
    const file = { fileName: 'verification.html', base64: '' };
    const { calls } = open(keptFixture('good'), { exportVerification: () => file });
    await userEvent.click(await screen.findByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name }));
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(calls.findLast((call) => call.name === 'exportVerification')?.request).toEqual({
      ...{ cluster: 'WK1', operation: 'e272e383', format, paper, timeZone },
    });
  });

  it('says why there is no PDF, and what to do', async () => {
    open(keptFixture('good'), {
      exportVerification: () => {
        throw new CallFailure(productError('report.no-browser', 'No browser was found.'));
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'PDF A4' }));
    expect((await screen.findByRole('alert')).textContent).toContain('No browser was found.');
  });
});
