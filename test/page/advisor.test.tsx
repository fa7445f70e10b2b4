import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { AdvisorAction, AdvisorView } from '../../shared/advisor/advisor-view.ts';
import { advisorFixtures } from '../screens/advisor-fixtures.ts';
import { fixtures } from '../screens/fixtures.ts';
import { setupFixtures } from '../screens/setup-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Opens a page before a host that keeps answers and decision as the real one does. */
function open(hash: string, first: AdvisorView) {
  let view = structuredClone<AdvisorView>(first);
  const acts: AdvisorAction[] = [];
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash,
    answers: {
      getAdvisor: () => view,
      actOnAdvisor: (request) => {
        const { action } = request as { action: AdvisorAction };
        acts.push(action);
        const record = { ...view.record, revision: view.record.revision + 1 };
        if (action.act === 'answer') record.answers = action.answers;
        if (action.act === 'decide') {
          const { design, reason } = action;
          record.decision = {
            design,
            reason,
            recommended: null,
            accepted: [],
            by: 'me',
            at: '2026-09-04T08:15:00.000Z',
          };
        }
        view = { ...view, record };
        return view;
      },
      getSetup: () => setupFixtures.whole,
      setUp: () => setupFixtures.whole,
    },
  });
  return { page, acts, view: () => view };
}
const advice = () => within(screen.getByRole('region', { name: 'Recommendation' }));

test('recommends nothing at first, then as far as it is known, and keeps every answer', async () => {
  const { view } = open('#/advisor', advisorFixtures.empty);
  expect(await screen.findByText('Not known yet')).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'Throughput' }));
  expect(await advice().findByText('Active–Passive Multi-Cluster')).toBeTruthy();
  expect(advice().getByText('Recommended so far')).toBeTruthy();
  await userEvent.click(
    within(screen.getByRole('radiogroup', { name: 'Can they be split?' })).getByRole('radio', { name: 'No' }),
  );
  expect(await advice().findByText('Active–Passive')).toBeTruthy();
  await waitFor(() =>
    expect(view().record.answers.load).toMatchObject({ priority: 'throughput', divisible: 'no' }),
  );
});

test('says beside a figure why it cannot be used, and leaves what was typed', async () => {
  open('#/advisor', advisorFixtures.empty);
  const peak = await screen.findByLabelText<HTMLInputElement>('Messages/s at the peak');
  await userEvent.type(peak, '-5');
  expect(
    await screen.findByText('The messages a second at the peak cannot be negative; -5 was given.'),
  ).toBeTruthy();
  expect(peak.value).toBe('-5');
  await userEvent.clear(peak);
  await userEvent.type(peak, 'many');
  expect(await screen.findByText('“many” is no number.')).toBeTruthy();
});

test('divides a typed list, and shows what cannot be used of it', async () => {
  open('#/advisor', advisorFixtures.empty);
  const list = await screen.findByLabelText(/^One a line/);
  await userEvent.click(list);
  await userEvent.paste('ADT; 5\nORM; 4; ADT\nORU; 8');
  const [first, second] = await screen.findAllByRole('region', { name: /^Suggested cluster/ });
  expect(first!.textContent).toContain('ADTORM');
  expect(second!.textContent).toContain('ORU');
  await userEvent.paste('\nORU');
  expect(await screen.findByText('“ORU” is in the list twice.')).toBeTruthy();
});

test('keeps another design only with a reason', async () => {
  const { acts } = open('#/advisor', advisorFixtures.answered);
  await userEvent.click(await screen.findByRole('button', { name: /^Choose Active–Passive all the same/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Keep Active–Passive' }));
  expect(acts).toEqual([]);
  await userEvent.type(screen.getByLabelText('Why it is chosen all the same'), 'two people');
  await userEvent.click(screen.getByRole('button', { name: 'Keep Active–Passive' }));
  await waitFor(() =>
    expect(acts).toMatchObject([{ act: 'decide', design: 'active-passive', reason: 'two people' }]),
  );
  expect(await screen.findByText(/because: two people/)).toBeTruthy();
});

test('says in sentences where the installed site has drifted from the answers', async () => {
  open('#/advisor', advisorFixtures.bad);
  expect(await screen.findByText('What is installed is not what was answered')).toBeTruthy();
  expect(screen.getByText('Copied storage was answered; every cluster has a shared directory.')).toBeTruthy();
});

test('prints the decision, and gives it as a file', async () => {
  const print = vi.fn();
  vi.stubGlobal('print', print);
  open('#/advisor/record', advisorFixtures.decided);
  expect(
    await screen.findByRole('heading', { name: 'Active–Passive Multi-Cluster was decided' }),
  ).toBeTruthy();
  expect(screen.getByText('routes by port, path or address')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Print' }));
  expect(print).toHaveBeenCalledOnce();
});

test('tells the setup which design was decided', async () => {
  open('#/setup/design', advisorFixtures.decided);
  expect(await screen.findByText(/Active–Passive Multi-Cluster was decided with the advisor/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Show the questions' }).getAttribute('href')).toBe('#/advisor');
});
