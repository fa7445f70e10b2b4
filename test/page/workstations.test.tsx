import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { inviteRefusal } from '../../renderer/features/workstations/invite-card.tsx';
import { revokeRefusal } from '../../renderer/features/workstations/revoke-card.tsx';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { requestOfAnother } from '../screens/second-person-fixtures.ts';
import { workstationsFixture } from '../screens/workstations-fixture.ts';
import { openPage } from './open-page.tsx';

const passphrase = 'four words without sense';
afterEach(() => vi.restoreAllMocks());

function open(answers: Record<string, (request: unknown) => unknown> = {}) {
  const saved: string[] = [];
  URL.createObjectURL = () => 'blob:invitation';
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/workstations',
    answers: { getWorkstations: () => workstationsFixture, ...answers },
  });
  return { ...page, saved };
}
const asked = (page: ReturnType<typeof open>, call: string) =>
  page.calls.filter(({ name }) => name === call).map(({ request }) => request);

async function fill(name: string): Promise<void> {
  await userEvent.type(await screen.findByLabelText('Name of the workstation'), name);
  await userEvent.selectOptions(screen.getByLabelText('Role'), 'Viewer');
  await userEvent.type(screen.getByLabelText('Passphrase of the file'), passphrase);
  await userEvent.type(screen.getByLabelText('The same again'), passphrase);
}

describe('the workstations', () => {
  test('lead to the setting of a second person, and say what waits in each cluster', async () => {
    openPage({
      snapshot: requestOfAnother(),
      hash: '#/workstations',
      answers: { getWorkstations: () => workstationsFixture },
    });
    const list = await screen.findByRole('list', { name: 'What waits for a second person' });
    const rows = within(list).getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^WK1Planned changes wait/),
      expect.stringMatching(/^WK2Nothing waits|^WK2Not known/),
    ]);
    await userEvent.click(within(list).getByRole('link', { name: 'Second person for WK1' }));
    expect(window.location.hash).toBe('#/cluster/WK1/second-person');
  });

  test('are listed with their role and how long they are accepted', async () => {
    open();
    const list = await screen.findByRole('region', { name: 'Workstations' });
    const rows = within(list).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/desk-1 this workstationAdministrator.*until 2099-02-01/),
      expect.stringMatching(/duty-phone Operator.*until 2099-03-02/),
      expect.stringMatching(/wall-screen Viewer.*ended 2026-03-02/),
      expect.stringMatching(/old-laptop Administrator.*revoked 2026-01-05/),
    ]);
  });

  test('that is invited gets a file, and the passphrase is forgotten', async () => {
    const added = { ...workstationsFixture.workstations[1]!, name: 'tablet' };
    const view = { refusal: null, workstations: [...workstationsFixture.workstations, added] };
    const page = open({ inviteWorkstation: () => ({ fileName: 'demo-tablet.invitation', text: 'x', view }) });
    await fill('tablet');
    await userEvent.click(screen.getByRole('button', { name: 'Make and save the invitation' }));
    expect(
      await screen.findByText('The invitation was given to you as demo-tablet.invitation.'),
    ).toBeTruthy();
    expect(page.saved).toEqual(['demo-tablet.invitation']);
    const invitation = { name: 'tablet', role: 'viewer', days: 365 };
    expect(asked(page, 'inviteWorkstation')).toEqual([{ invitation, passphrase }]);
    expect(screen.getByLabelText<HTMLInputElement>('Passphrase of the file').value).toBe('');
    expect(screen.getByRole('rowheader', { name: 'tablet' })).toBeTruthy();
  });

  test('of a name that is accepted already is not asked for', async () => {
    const page = open();
    await fill('duty-phone{Enter}');
    expect(screen.getByText(/there is a workstation duty-phone already/)).toBeTruthy();
    expect(asked(page, 'inviteWorkstation')).toEqual([]);
  });

  test('that is revoked is told agent by agent', async () => {
    const page = open({
      revokeWorkstation: () => ({ lines: ['WK1 on ig-north: has it'], view: workstationsFixture }),
    });
    await userEvent.selectOptions(await screen.findByLabelText('Workstation'), 'duty-phone (Operator)');
    await userEvent.type(screen.getByLabelText('Why'), 'lost');
    await userEvent.click(screen.getByRole('button', { name: 'Revoke' }));
    expect(await screen.findByText('WK1 on ig-north: has it')).toBeTruthy();
    expect(asked(page, 'revokeWorkstation')).toEqual([{ name: 'duty-phone', why: 'lost' }]);
  });

  test('say why the list cannot be read', async () => {
    open({
      getWorkstations: () => {
        throw new CallFailure(productError('site.damaged', 'The list is damaged.'));
      },
    });
    await waitFor(() => expect(screen.getByText('The list is damaged.')).toBeTruthy());
  });
});

const typed = { name: 'x', role: 'viewer', days: 1, passphrase, again: passphrase } as const;
test.each([
  [{ name: 'a b' }, {}, true, 'letters, digits'],
  [{ days: 0 }, {}, true, 'the days go from 1'],
  [{ days: '' }, {}, true, 'the days go from 1'],
  [{ again: 'other' }, {}, true, 'differ'],
  [{}, { refusal: 'only an administrator may invite' }, true, 'only an administrator'],
  [{}, {}, false, 'does not answer'],
])('nobody is invited with %j, %j, connected %s: %s', (own, view, connected, why) => {
  const refusal = inviteRefusal(
    { ...typed, ...own },
    { ...workstationsFixture, ...view },
    { connected, nowMs: 0 },
  );
  expect(refusal).toContain(why);
});

test.each([
  ['operator', 'duty-phone', true, 'only an administrator'],
  ['admin', '', true, 'choose the workstation'],
  ['admin', 'duty-phone', false, 'does not answer'],
] as const)('%s revokes %j, connected %s: not now, %s', (role, chosen, connected, why) => {
  expect(revokeRefusal(chosen, workstationsFixture, { role, connected })).toContain(why);
});
