import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { evidenceReply } from '../screens/evidence-reply.ts';
import { fixtures, type FixtureName } from '../screens/fixtures.ts';
import { clusterOf } from '../screens/site-fixture.ts';
import { openPage } from './open-page.tsx';

const open = (name: FixtureName, tab: 'components' | 'evidence', snapshot = fixtures[name]()) =>
  openPage({
    snapshot,
    hash: `#/cluster/WK1/${tab}`,
    answers: { readEvidence: () => evidenceReply(snapshot, 'WK1') },
  });
const find = (value: string) =>
  fireEvent.change(screen.getByLabelText('Name of a component'), { target: { value } });
const cells = (row: HTMLElement) =>
  within(row)
    .getAllByRole('cell')
    .map((cell) => cell.textContent);

describe('components and queues', () => {
  it('show where each queue stands, and how it went on at the last move', async () => {
    open('healthy', 'components');
    const row = await screen.findByRole('row', { name: /^Results to wards/ });
    expect(cells(row)).toEqual([
      'on',
      '287',
      '829,421',
      '829,708',
      'MSG00829708',
      '2026-03-14 04:31:21',
      'PROVEN',
    ]);
    expect(screen.getByText(/^ig-south has it too/)).toBeTruthy();
  });

  it('show what the engine does not tell as unknown, never as none', async () => {
    open('healthy', 'components');
    const row = await screen.findByRole('row', { name: /^Laboratory files poller/ });
    const unknown = '? not told by the engine';
    expect(cells(row).slice(1, 5)).toEqual([unknown, unknown, unknown, unknown]);
    expect(within(row).getByText('CONSISTENT')).toBeTruthy();
  });

  it('tell first which queue did not go on, and why, in a list too long to read', async () => {
    const snapshot = fixtures['evidence-bad']();
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.evidence!.ledger.own!.queues = 60;
    open('evidence-bad', 'components', snapshot);
    const list = (await screen.findAllByRole('row'))[1]!;
    expect(list.textContent).toContain('2 messages are neither delivered nor waiting');
    expect(within(list).getByText('VIOLATED')).toBeTruthy();
    find('ftp 3');
    expect(screen.getByText('1 of 60')).toBeTruthy();
    find('ftp 3 nothing');
    expect(screen.getByText('No component has this in its name')).toBeTruthy();
  });

  it('are the copy of the peer when the keeper does not answer, and say so', async () => {
    open('split', 'components');
    expect(await screen.findByText('ig-north could not be asked')).toBeTruthy();
    expect(screen.getByText(/^ig-south has this copy; ig-north itself does not answer/)).toBeTruthy();
  });

  it('say that there is no ledger yet', async () => {
    const snapshot = fixtures.healthy();
    for (const { snapshot: member } of clusterOf(snapshot, 'WK1').members) {
      member!.evidence!.ledger = { ...member!.evidence!.ledger, own: null, ofPeer: null };
    }
    open('healthy', 'components', snapshot);
    expect(await screen.findByText('No queue ledger yet')).toBeTruthy();
  });

  it('say why they cannot be read, and wait aloud before', async () => {
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/components',
      answers: {
        readEvidence: () => {
          throw new CallFailure(productError('agent.unreachable', 'No agent of WK1 answers.'));
        },
      },
    });
    expect(screen.getByText('Waiting for the queue ledgers of WK1')).toBeTruthy();
    expect((await screen.findByRole('alert')).textContent).toContain('No agent of WK1 answers.');
  });
});

describe('evidence', () => {
  const card = (name: string) => screen.getByRole('region', { name });

  it('shows each signal of the role with what it says, and how sure they are together', () => {
    open('healthy', 'evidence');
    expect(card('ig-north').textContent).toContain('Active, high confidence. It is Active: 7 of 7');
    const row = within(card('ig-south')).getByRole('row', { name: /^Process/ });
    expect(cells(row)).toEqual(['Passive', 'the engine is stopped', '0.6 s']);
  });

  it('names troubles with what to do, a late writer, and calls that the engine does not know', async () => {
    open('evidence-bad', 'evidence');
    const north = card('ig-north');
    expect(north.textContent).toContain('medium confidence');
    expect(north.textContent).toContain('api-silent');
    expect(north.textContent).toContain('Moving the cluster helps.');
    expect(north.textContent).toMatch(/Seen: the agent of ig-south still writes there\. late-write/);
    expect(within(north).getByRole('row', { name: /^Components/ }).textContent).toContain('?');
    expect(await within(north).findByText('4 of 6 there, 1 not there, 1 not known')).toBeTruthy();
  });

  it('keeps the last words of a silent member, marked, and claims no tick for them', async () => {
    open('split', 'evidence');
    const north = card('ig-north');
    expect(within(north).getByText('the engine runs in its unit')).toBeTruthy();
    expect(within(north).queryByText('ok:')).toBeNull();
    expect(await within(north).findByText('Not known: it does not answer.')).toBeTruthy();
    expect(screen.getByText('ig-north could not be asked')).toBeTruthy();
  });

  it('says that an agent of an earlier release tells none', () => {
    open('evidence-missing', 'evidence');
    expect(card('ig-north').textContent).toContain('is of an earlier release');
  });
});
