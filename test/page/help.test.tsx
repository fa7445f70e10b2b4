import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { glossary } from '../../shared/help/glossary.ts';
import { roleHelp, verdictHelp } from '../../shared/help/states.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: what an alarm means and what to do is a click away, found and printed. Method: the page before a host that the test plays. */
describe('help', () => {
  it('is reached from a problem, and shows its run-book', async () => {
    const page = openPage({ snapshot: fixtures['failover-blocked']() });
    const link = (await screen.findAllByRole('link', { name: 'What to do' }))[0]!;
    expect(link.getAttribute('href')).toBe('#/help/failover-blocked');
    page.go('#/help/failover-blocked');
    const card = await screen.findByRole('region', { name: 'Automatic failover is blocked or off' });
    for (const head of [
      'What it means',
      'What it means for my messages',
      'What to check',
      'What to do now',
      'What not to do',
    ]) {
      expect(within(card).getByRole('heading', { name: head })).toBeTruthy();
    }
  });

  it('finds topics, and says when there are none', async () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/help' });
    const field = await screen.findByLabelText('Search in help');
    await userEvent.type(field, 'ledger');
    const list = screen.getByRole('navigation', { name: 'Topics' });
    expect(within(list).getByRole('link', { name: 'Queue ledger' })).toBeTruthy();
    expect(within(list).queryByRole('link', { name: 'Poller' })).toBeNull();
    await userEvent.type(field, 'zzz');
    expect(screen.getByText('Nothing has all of these words.')).toBeTruthy();
  });

  it('says that it has nothing under a name', async () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/help/nothing' });
    expect(await screen.findByText('Help has nothing under the name nothing')).toBeTruthy();
  });

  it('is printed by the host', async () => {
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => undefined;
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const { calls } = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/help',
      answers: { exportRunbooks: () => ({ fileName: 'runbooks.html', base64: btoa('x') }) },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /HTML/ }));
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect(calls.find(({ name }) => name === 'exportRunbooks')?.request).toMatchObject({ format: 'html' });
  });
});

describe('a word of the glossary', () => {
  it('is explained on focus, by keyboard too', async () => {
    openPage({ snapshot: fixtures.healthy() });
    const word = (await screen.findAllByText('Automatic failover'))[0]!;
    word.focus();
    const told = await screen.findByText(glossary.failover.definition);
    await waitFor(() => expect(word.getAttribute('aria-describedby')).toBe(told.id));
  });
});

describe('a state', () => {
  /** Each chip with what help says of it. */
  it.each([
    ['Active', roleHelp.active.meaning],
    ['Passive', roleHelp.passive.meaning],
    ['Can fail over now', verdictHelp.ready.meaning],
  ])('%s says on focus what it means for messages', async (word, meaning) => {
    openPage({ snapshot: fixtures.healthy() });
    const main = await screen.findByRole('main');
    const inside = (await within(main).findAllByText(word)).find((one) => one.parentElement?.tabIndex === 0);
    const chip = inside!.parentElement!;
    chip.focus();
    const told = await screen.findByRole('tooltip');
    expect(told.textContent).toContain(`For your messages: ${meaning}`);
    await waitFor(() => expect(chip.getAttribute('aria-describedby')).toBe(told.id));
  });

  it.each([
    ['Active', '#/', /^Active \(role of a member\)$/],
    ['Can fail over now', '#/clusters', /^Can fail over now \(verdict of a cluster\)$/],
  ])('%s leads from %s to its topic, by keyboard and by click', async (word, hash, topic) => {
    const { go } = openPage({ snapshot: fixtures.healthy(), hash });
    const chip = async () => {
      const main = await screen.findByRole('main');
      return (await within(main).findAllByRole('link', { name: word }))[0]!;
    };
    const address = (await chip()).getAttribute('href')!;
    (await chip()).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(window.location.hash).toBe(address));
    expect(await screen.findByRole('heading', { name: topic })).toBeTruthy();
    go(hash);
    await userEvent.click(await chip());
    await waitFor(() => expect(window.location.hash).toBe(address));
  });

  it('explains nothing and leads nowhere in something that takes the focus itself', async () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1/topology' });
    const main = await screen.findByRole('main');
    await within(main).findAllByText('Active');
    const nested = 'a a, a button, button a, button button, [role=button] a, label a, summary a';
    expect([...main.querySelectorAll(nested)].map((one) => one.textContent)).toEqual([]);
  });
});
