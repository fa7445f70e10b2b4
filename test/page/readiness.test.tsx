import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { ReadinessAction } from '../../shared/readiness/kept-readiness.ts';
import type { ReadinessView } from '../../shared/readiness/readiness-view.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { readinessChanges, readinessFixtures } from '../screens/readiness-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: what is not met is found, understood, answered and exported by keyboard. Method: the page before a host that the test plays. */
function openReadiness(view: ReadinessView, answers: Record<string, (request: unknown) => unknown> = {}) {
  const acts: ReadinessAction[] = [];
  const bench = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/readiness',
    answers: {
      getReadiness: () => view,
      actOnReadiness: (request) => {
        acts.push((request as { action: ReadinessAction }).action);
        return view;
      },
      compareReadiness: () => ({ changes: readinessChanges }),
      ...answers,
    },
  });
  return { acts, bench };
}

describe('the page of readiness', () => {
  it('says whether the site can fail over, how many checks are met, and when that was looked at', async () => {
    openReadiness(readinessFixtures.some);
    expect(await screen.findByRole('heading', { level: 1, name: /can fail over now/ })).toBeTruthy();
    expect(screen.getByText(/checks are met.*Last full run .* ago by admin-1/)).toBeTruthy();
    const stages = screen.getByRole('list', { name: 'Getting started' });
    expect(within(stages).getAllByRole('listitem')).toHaveLength(4);
  });

  it('shows what is open first, and of that what failed', async () => {
    openReadiness(readinessFixtures.some);
    const list = await screen.findByRole('region', { name: 'Checks found' });
    expect(within(list).getAllByRole('listitem')[0]?.textContent).toMatch(/failed: /);
    await userEvent.click(screen.getByRole('radio', { name: /^Failed/ }));
    for (const item of within(list).getAllByRole('listitem')) expect(item.textContent).toMatch(/^failed: /);
  });

  it('leaves one section, by keyboard alone', async () => {
    openReadiness(readinessFixtures.some);
    const storage = await screen.findByRole('button', { name: /^Storage/ });
    storage.focus();
    await userEvent.keyboard('{Enter}');
    expect(storage.getAttribute('aria-pressed')).toBe('true');
    expect(screen.queryByText('Members hear each other')).toBeNull();
    expect(screen.getByText('The storage has room')).toBeTruthy();
  });

  it('takes an answer with owner, note, end and where the proof is kept', async () => {
    const { acts } = openReadiness(readinessFixtures.some);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Contacts and escalation are written down' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Answer anew' }));
    const note = screen.getByLabelText('Note');
    await userEvent.clear(note);
    await userEvent.type(note, 'List of May');
    await userEvent.type(screen.getByLabelText(/Where a proof is kept/), 'Safe 2');
    await userEvent.selectOptions(screen.getByLabelText('Is it so?'), 'Yes');
    await userEvent.click(screen.getByRole('button', { name: 'Keep the answer' }));
    await waitFor(() =>
      expect(acts.at(-1)).toEqual({
        ...{ act: 'answer', check: 'O01', subject: '', met: 'yes', owner: 'admin-1' },
        ...{ note: 'List of May', expires: null, attachment: 'Safe 2' },
      }),
    );
  });

  it('puts a check aside only with a reason and an end', async () => {
    const { acts } = openReadiness(readinessFixtures.some);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Contacts and escalation are written down' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Put aside…' }));
    const button = screen.getByRole('button', { name: 'Put aside' });
    await userEvent.click(button);
    expect(acts).toEqual([]);
    await userEvent.type(screen.getByLabelText('Why it can wait'), 'New numbers in April');
    await userEvent.type(screen.getByLabelText('Until'), '2026-04-15');
    await userEvent.click(button);
    await waitFor(() => expect(acts.at(-1)).toMatchObject({ act: 'snooze', until: '2026-04-15' }));
  });

  it('runs all checks, and one', async () => {
    const { acts } = openReadiness(readinessFixtures.some);
    await userEvent.click(await screen.findByRole('button', { name: 'Run all' }));
    await userEvent.click(screen.getByRole('button', { name: 'Members hear each other' }));
    await userEvent.click(screen.getByRole('button', { name: 'Run this check' }));
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'run', check: null },
        { act: 'run', check: 'H02' },
      ]),
    );
  });

  it('says what a run waits for', async () => {
    openReadiness(readinessFixtures.running);
    expect(await screen.findByText(/Agents and journals are asked, for/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Running…' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('tells what changed between two runs', async () => {
    openReadiness(readinessFixtures.some);
    await userEvent.click(await screen.findByRole('button', { name: 'Compare two runs' }));
    const list = await screen.findByRole('list', { name: 'What changed' });
    expect(within(list).getByText(/82 % full/)).toBeTruthy();
  });

  it('compares the newest run with the baseline, also when its run is not kept any more', async () => {
    const asked: unknown[] = [];
    openReadiness(readinessFixtures.some, {
      compareReadiness: (request) => {
        asked.push(request);
        return { changes: readinessChanges };
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Compare two runs' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Compare with baseline' }));
    const { runs, baseline } = readinessFixtures.some;
    await expect.poll(() => asked.at(-1)).toEqual({ before: baseline!.wallTime, after: runs[0]!.wallTime });
  });

  it('says why there is no PDF, and what to do', async () => {
    openReadiness(readinessFixtures.some, {
      exportReadiness: () => {
        throw Object.assign(new Error('no'), {
          error: productError('report.no-browser', 'No browser was found.'),
        });
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /HTML/ }));
    expect(await screen.findByRole('alert')).toBeTruthy();
  });
});
