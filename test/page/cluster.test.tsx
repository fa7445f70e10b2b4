import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { ixhaVerbNames } from '../../shared/command-line/ixha-verbs.ts';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { fixtures } from '../screens/fixtures.ts';
import { clusterOf } from '../screens/site-fixture.ts';
import { journalFixture } from '../screens/journal-fixture.ts';
import { openPage, type PageBench } from './open-page.tsx';

/** Reachable by keyboard, but not to be pressed now. */
const isIdle = (name: string) => {
  const button = screen.getByRole('button', { name });
  expect(button.hasAttribute('disabled')).toBe(false);
  return button.getAttribute('aria-disabled') === 'true';
};

/** What a person has asked for; what the page reads by itself changes nothing. */
const askedFor = ({ calls }: PageBench) => calls.filter(({ name }) => name !== 'readUsualTimes');

describe('topology of a cluster', () => {
  it('shows the decision with its rule, and on demand the facts it used', async () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/topology' });
    const strip = screen.getByRole('region', { name: 'Current decision' });
    expect(strip.textContent).toContain('ig-north stays Active: it holds the lease of epoch 47');
    await userEvent.click(within(strip).getByRole('button', { name: 'Why' }));
    expect(within(strip).getByText('API answers in 41 ms')).toBeTruthy();
  });

  it('says what a crash of the Active would mean, in ranges', () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/topology' });
    const panel = screen.getByRole('complementary', { name: 'Details of the selected part' });
    expect(panel.textContent).toContain('If ig-north dies now');
    expect(panel.textContent).toContain('13.4 – 15.4 s');
  });

  it('becomes who says what while the Active is silent', () => {
    openPage({ snapshot: fixtures.split(), hash: '#/cluster/WK1/topology' });
    expect(screen.getByText('ig-north does not answer')).toBeTruthy();
    expect(screen.getByText('now, 9.4 s')).toBeTruthy();
    const matrix = screen.getByRole('region', { name: 'Who says what' });
    expect(within(matrix).getAllByRole('row')).toHaveLength(5);
    expect(screen.queryByRole('button', { name: 'Switch over…' })).toBeNull();
  });

  it('says conflict when an engine runs on the Passive', () => {
    openPage({ snapshot: fixtures.conflict(), hash: '#/cluster/WK1/topology' });
    expect(screen.getByText('Conflict')).toBeTruthy();
    expect(screen.getByText(/ig-south stops its engine at once/)).toBeTruthy();
  });

  it('leads to a running operation', () => {
    openPage({ snapshot: fixtures.running(), hash: '#/cluster/WK1/topology' });
    expect(screen.getByText('Moving to ig-south')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Show its steps' }).getAttribute('href')).toBe(
      '#/cluster/WK1/operation/op-20260314-0431',
    );
  });
});

describe('after a takeover from a server that stays silent', () => {
  it('promises no recovery time anywhere, and says why', () => {
    openPage({ snapshot: fixtures['taken-over'](), hash: '#/cluster/WK1/topology' });
    const page = document.body.textContent;
    expect(page).not.toContain('after a crash');
    expect(page).not.toContain('Lease runs out');
    expect(screen.getByText('Cannot fail over')).toBeTruthy();
    expect(screen.getAllByRole('banner')[0]!.textContent).toContain('WK1 not protected');
    expect(
      screen.getAllByText(/Nobody who could take over is seen: ig-north does not answer\./).length,
    ).toBeGreaterThan(0);
  });

  it('offers no switchover, with the reason as text that the button names', () => {
    openPage({ snapshot: fixtures['taken-over'](), hash: '#/cluster/WK1/topology' });
    const button = screen.getByRole('button', { name: 'Switch over…' });
    button.focus();
    expect(document.activeElement).toBe(button);
    const reason = document.getElementById(button.getAttribute('aria-describedby')!);
    expect(reason?.textContent).toBe('Not now: ig-north does not answer.');
    button.click();
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
  });

  it('names the automatic takeover as the last change', () => {
    openPage({ snapshot: fixtures['taken-over'](), hash: '#/' });
    const card = screen.getByRole('region', { name: 'WK1' });
    expect(card.textContent).toContain('Automatic: ig-south is Active with epoch 48.');
    expect(card.textContent).toContain('nobody to take over');
  });
});

describe('journal and commands', () => {
  it('show both members’ records, and which journal could not be read', async () => {
    const missing = [{ server: 'ig-north', why: 'It does not answer.' }];
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/journal',
      answers: { readJournal: () => ({ ...journalFixture(), missing }) },
    });
    expect(await screen.findByText('ig-witness granted epoch 48 to ig-south.')).toBeTruthy();
    expect(screen.getByText('The journal of ig-north could not be read')).toBeTruthy();
  });

  it('name the kind of each record, newest first', async () => {
    const { records } = journalFixture();
    const shuffled = [...records].sort((one, other) => one.sentence.localeCompare(other.sentence));
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/journal',
      answers: { readJournal: () => ({ records: shuffled, missing: [] }) },
    });
    const list = await screen.findByRole('region', { name: 'Journal records' });
    const rows = within(list).getAllByRole('row').slice(1);
    const cells = (at: number) => rows.map((row) => within(row).getAllByRole('cell')[at]!.textContent);
    expect([...new Set(cells(3))]).toEqual(['Decision', 'Step', 'Lease', 'Change', 'Guard']);
    expect(cells(0)).toEqual([...cells(0)].sort().reverse());
  });

  it('say what the failure means and what to do', async () => {
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/journal',
      answers: {
        readJournal: () => {
          throw new CallFailure(productError('agent.unreachable', 'No agent of WK1 answers.'));
        },
      },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('No agent of WK1 answers.');
  });

  it('offer every verb of ixha as a call about this cluster', () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/commands' });
    const list = screen.getByRole('region', { name: 'Commands of ixha' });
    for (const verb of ixhaVerbNames) {
      expect(within(list).getByText(new RegExp(`^ixha ${verb} WK1( |$)`))).toBeTruthy();
    }
    expect(within(list).getByText('ixha switchover WK1 --to ig-south --reason "…"')).toBeTruthy();
  });

  it('tell what a person asked for as the command that does the same', () => {
    openPage({ snapshot: fixtures.done(), hash: '#/cluster/WK1/commands' });
    const asked = screen.getByRole('region', { name: 'Moves' });
    const command = 'ixha switchover WK1 --to ig-south --reason "patching ig-north"';
    expect(within(asked).getByText(command)).toBeTruthy();
    expect(within(asked).getByRole('link', { name: 'done' }).getAttribute('href')).toBe(
      '#/cluster/WK1/operation/op-20260314-0431',
    );
  });
});

describe('switchover', () => {
  const confirm = async () => {
    await userEvent.click(screen.getByRole('button', { name: 'Continue to confirm' }));
    await userEvent.type(screen.getByLabelText('Reason'), 'patching ig-north');
    await userEvent.click(screen.getByRole('button', { name: 'Switch WK1 over to ig-south' }));
  };

  it('goes from plan to reason to the act, and to its steps when the snapshot shows them', async () => {
    const page = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/switchover/ig-south',
      answers: { switchOver: () => ({ accepted: true, operation: 'op-20260314-0431' }) },
    });
    expect(screen.getByText('9.8 – 11.8 s')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Continue to confirm' }));
    const act = screen.getByRole('button', { name: 'Switch WK1 over to ig-south' });
    expect(isIdle('Switch WK1 over to ig-south')).toBe(true);
    expect(screen.getByText(/write the reason first/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Reason'), 'patching ig-north');
    await userEvent.click(act);
    expect(askedFor(page)).toEqual([
      {
        name: 'switchOver',
        request: {
          verb: 'switchover',
          cluster: 'WK1',
          target: 'ig-south',
          epoch: 47,
          idempotencyKey: 'key-of-this-visit-1',
          reason: 'patching ig-north',
        },
      },
    ]);
    expect(await screen.findByText(/Waiting for ig-north to report the operation/)).toBeTruthy();
    page.say(fixtures.running());
    await waitFor(() =>
      expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Switching WK1 over to ig-south'),
    );
    expect(screen.getByText('Waits for proof on ig-south: Engine started')).toBeTruthy();
  });

  it('keeps the idempotency key when the same act is pressed again after an unanswered request', async () => {
    let turn = 0;
    const page = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/switchover/ig-south',
      answers: {
        switchOver: () => {
          turn += 1;
          if (turn === 1)
            throw new CallFailure(productError('server.timeout', 'No answer to switchOver within 15 s.'));
          return { accepted: true, operation: 'op-1' };
        },
      },
    });
    await confirm();
    expect(await screen.findByText('Outcome unknown, still watching')).toBeTruthy();
    expect(screen.getByText(/asking again cannot start it twice/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Switch WK1 over to ig-south' }));
    const keys = askedFor(page).map(({ request }) => (request as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toEqual(['key-of-this-visit-1', 'key-of-this-visit-1']);
  });

  it('lists every blocker with its remedy when the agent refuses', async () => {
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/cluster/WK1/switchover/ig-south',
      answers: {
        switchOver: () => ({
          accepted: false,
          error: productError('command.refused', 'WK1 cannot be moved now.'),
          blockers: [
            { code: 'guards', reason: '1 of 2 guards beat.', remedy: 'Start the guards on this server.' },
          ],
        }),
      },
    });
    await confirm();
    expect(await screen.findByText('1 of 2 guards beat.')).toBeTruthy();
    expect(screen.getByText('Start the guards on this server.')).toBeTruthy();
  });

  it('cannot be started towards a silent server, and says why beside the button', () => {
    openPage({ snapshot: fixtures['lost-link'](), hash: '#/cluster/WK2/switchover/ig-north' });
    expect(screen.getByText('ig-north does not answer.')).toBeTruthy();
    expect(isIdle('Continue to confirm')).toBe(true);
  });
});

describe('the guided page', () => {
  const hash = '#/cluster/WK1/switchover/ig-south';

  it('is left by Escape and by Cancel while nothing is started', async () => {
    const page = openPage({ snapshot: fixtures.healthy(), hash });
    await userEvent.click(screen.getByRole('button', { name: 'Continue to confirm' }));
    await userEvent.keyboard('half a reason{Escape}');
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
    page.go(hash);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
    expect(askedFor(page)).toEqual([]);
  });

  it('stays when Escape is pressed after the act was asked for', async () => {
    openPage({
      snapshot: fixtures.healthy(),
      hash,
      answers: { switchOver: () => ({ accepted: true, operation: 'op-1' }) },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Continue to confirm' }));
    await userEvent.type(screen.getByLabelText('Reason'), 'patching');
    await userEvent.click(screen.getByRole('button', { name: 'Switch WK1 over to ig-south' }));
    await userEvent.keyboard('{Escape}');
    expect(window.location.hash).toBe(hash);
  });

  it('keeps the focus on its button while a blocker comes and goes', () => {
    const page = openPage({ snapshot: fixtures.healthy(), hash });
    const button = screen.getByRole('button', { name: 'Continue to confirm' });
    button.focus();
    const blocked = fixtures.healthy();
    clusterOf(blocked, 'WK1').members[1]!.snapshot!.blockers = [
      { code: 'not-observed', reason: 'It has just started.', remedy: 'Wait.' },
    ];
    page.say(blocked);
    expect(isIdle('Continue to confirm')).toBe(true);
    expect(document.activeElement).toBe(button);
    page.say(fixtures.healthy());
    expect(isIdle('Continue to confirm')).toBe(false);
    expect(document.activeElement).toBe(button);
  });

  it('says which times of its estimate are assumed and which are missing', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.engine.lastStartMs = null;
    openPage({ snapshot, hash });
    const row = (title: string) => screen.getByText(title).closest('tr')!.textContent;
    expect(row('Engine started')).toContain('assumed 6.9 s');
    expect(row('Epoch ended durably')).toContain('not measured');
    expect(screen.getByText(/Assumed: as it was on the other server/)).toBeTruthy();
    expect(screen.getByText(/What was not measured is not in the sum/)).toBeTruthy();
  });

  it('takes the times that no probe measures from the last operation of the day', () => {
    const snapshot = fixtures.done();
    openPage({ snapshot, hash: '#/cluster/WK1/switchover/ig-north' });
    const row = screen.getByText('Components on').closest('tr')!;
    expect(row.textContent).toContain('assumed 700 ms');
  });

  it('moves the focus to its heading when it opens', () => {
    const page = openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/topology' });
    page.go(hash);
    expect(document.activeElement?.textContent).toBe('Switch WK1 over to ig-south');
  });

  it('says not found for a server that is no member, instead of taking another one', () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/switchover/ig-east' });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('WK1 has no member on ig-east');
    expect(screen.queryByRole('button', { name: 'Continue to confirm' })).toBeNull();
  });
});

describe('operation', () => {
  const hash = '#/cluster/WK1/operation/op-20260314-0431';

  it('counts the time without an Active while it runs', () => {
    const page = openPage({ snapshot: fixtures.running(), hash });
    expect(screen.getByText('7.5')).toBeTruthy();
    page.pass(1_000);
    expect(screen.getByText('8.5')).toBeTruthy();
  });

  it('ends with figures and where the time went', () => {
    openPage({ snapshot: fixtures.done(), hash });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('WK1 now runs on ig-south');
    expect(screen.getByRole('region', { name: 'Result' }).textContent).toContain('10.6');
    expect(screen.getByRole('button', { name: 'Plan the way back…' })).toBeTruthy();
  });

  it('tells the longest wait of this change, not of all time', () => {
    const before = fixtures.healthy();
    clusterOf(before, 'WK1').traffic!.longestGapMs = 70_000;
    const page = openPage({ snapshot: before, hash: '#/' });
    const during = fixtures.running();
    for (let second = 0; second < 20; second += 1) {
      page.pass(1_000);
      const waiting = second >= 8 && second < 17;
      Object.assign(clusterOf(during, 'WK1').traffic!, {
        longestGapMs: 70_000,
        currentGapMs: waiting ? (second - 7) * 1_000 : 40,
      });
      page.say(during);
    }
    const after = fixtures.done();
    Object.assign(clusterOf(after, 'WK1').traffic!, { longestGapMs: 70_000, currentGapMs: 40 });
    clusterOf(after, 'WK1').operations[0]!.startedAgoMs = 14_000;
    page.say(after);
    page.go(hash);
    const wait = screen.getByText('Longest wait of a sender').parentElement!;
    expect(wait.textContent).toContain('9.0 s');
    expect(wait.textContent).not.toContain('70');
  });

  it('does not guess the longest wait of a change that this page did not see', () => {
    openPage({ snapshot: fixtures.done(), hash });
    const wait = screen.getByText('Longest wait of a sender').parentElement!;
    expect(wait.textContent).toContain('?');
    expect(wait.textContent).toContain('this page was opened after it began');
  });

  it('with an unknown outcome is watched, and nowhere called failed', () => {
    openPage({ snapshot: fixtures.unknown(), hash });
    expect(screen.getAllByText('Outcome unknown, still watching').length).toBeGreaterThan(0);
    expect(screen.getByRole('main').textContent).not.toMatch(/failed/i);
  });
});
