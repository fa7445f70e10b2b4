import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { acknowledgeable, acknowledgedIn } from '../screens/acknowledged-fixture.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: a person says that they know of a problem, and everybody sees who and why. Method: the page before a host that the test plays. */
const keeping = () => acknowledgeable(fixtures['failover-blocked']());

function open(snapshot = keeping(), refused: unknown[] = []) {
  const page = openPage({ snapshot, answers: { acknowledge: () => ({ refused }) } });
  const asked = () => page.calls.filter(({ name }) => name === 'acknowledge').map(({ request }) => request);
  return { ...page, asked };
}

async function say(comment: string): Promise<void> {
  await userEvent.click((await screen.findAllByRole('button', { name: 'Acknowledge…' }))[0]!);
  fireEvent.change(screen.getByLabelText('Comment'), { target: { value: comment } });
  await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));
}

describe('a problem', () => {
  it('is acknowledged at each agent that tells it, with a comment', async () => {
    const { asked } = open();
    await say('');
    expect(asked()).toEqual([]);
    expect(screen.getByText(/say what is done about it/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText('Comment'), { target: { value: 'disk is replaced at nine' } });
    await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));
    await waitFor(() => expect(asked()).toHaveLength(1));
    const [request] = asked() as { alarms: { server: string; name: string }[]; comment: string }[];
    expect(request!.comment).toBe('disk is replaced at nine');
    expect(request!.alarms.map(({ server, name }) => `${server} ${name}`).sort()).toEqual([
      'ig-north failover-blocked',
      'ig-south failover-blocked',
    ]);
    await waitFor(() => expect(screen.queryByLabelText('Comment')).toBeNull());
  });

  it('that is acknowledged says by whom, when and why, and can be taken back', async () => {
    const { asked } = open(acknowledgedIn(keeping()));
    const known = (await screen.findAllByText(/Known to owner-1/))[0]!;
    expect(known.parentElement?.textContent).toMatch(/11 min ago: the cause is known/);
    expect(screen.queryByRole('button', { name: 'Acknowledge…' })).toBeNull();
    await userEvent.click(screen.getAllByRole('button', { name: 'Take it back' })[0]!);
    await waitFor(() => expect(asked()).toMatchObject([{ comment: null }]));
  });

  it('that has changed meanwhile says so', async () => {
    const error = productError('alarm.changed', 'It is another alarm by now.');
    open(keeping(), [{ member: 'ig-north (WK1)', error }]);
    await say('known');
    expect(await screen.findByText('ig-north (WK1): It is another alarm by now.')).toBeTruthy();
    expect(screen.getByLabelText('Comment')).toBeTruthy();
  });

  it('is not acknowledged by a viewer, nor where agents are of an earlier release', async () => {
    open({ ...keeping(), me: { name: 'wall', role: 'viewer' } });
    expect((await screen.findAllByRole('link', { name: 'What to do' })).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Acknowledge…' })).toBeNull();
  });
});
