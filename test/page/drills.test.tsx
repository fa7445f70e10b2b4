import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import classes from '../../renderer/features/drills/drills.module.css';
import { productError } from '../../shared/errors.ts';
import type { DrillAction, DrillsView } from '../../shared/drills/drills-view.ts';
import { drillsFixtures, endedDrill } from '../screens/drills-fixtures.ts';
import { fixtures, type FixtureName } from '../screens/fixtures.ts';
import { requestOfAnother } from '../screens/second-person-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: a drill is chosen, understood, begun, followed and read by keyboard. Method: the page before a host that the test plays. */
function openDrills(view: DrillsView, fixture: FixtureName = 'healthy', acted?: () => DrillsView) {
  const acts: DrillAction[] = [];
  openPage({
    snapshot: fixtures[fixture](),
    hash: '#/drills',
    answers: {
      getDrills: () => view,
      actOnDrills: (request) => {
        acts.push((request as { action: DrillAction }).action);
        return acted?.() ?? view;
      },
    },
  });
  return acts;
}

describe('the page of drills', () => {
  it('says what is due, and that none was made yet', async () => {
    openDrills(drillsFixtures.none);
    expect(await screen.findByRole('heading', { level: 1, name: '2 drills are due' })).toBeTruthy();
    expect(screen.getByText(/No drill was made yet/)).toBeTruthy();
    expect(within(screen.getByRole('list', { name: 'Plan of drills' })).getAllByText('Due')).toHaveLength(2);
  });

  it('says by when the first ones of a new site are to be made, without alarm', async () => {
    openDrills(drillsFixtures.young);
    expect(
      await screen.findByRole('heading', { level: 1, name: 'The first drill is due by 2026-03-27' }),
    ).toBeTruthy();
    const plan = within(screen.getByRole('list', { name: 'Plan of drills' }));
    expect(plan.getAllByText('First one by 2026-03-27, then every 90 days')).toHaveLength(2);
    expect(plan.queryByText('Due')).toBeNull();
  });

  it('begins a switchover and back only with a reason, by keyboard', async () => {
    const acts = openDrills(drillsFixtures.none);
    const level = await screen.findByRole('radio', { name: /Switchover and back/ });
    level.focus();
    await userEvent.keyboard(' ');
    expect(screen.getByText(/Then WK1 moves back to ig-north/)).toBeTruthy();
    const begin = screen.getByRole('button', { name: 'Begin: Switchover and back of WK1' });
    await userEvent.click(begin);
    expect(acts).toEqual([]);
    await userEvent.type(screen.getByLabelText('Reason'), 'quarterly');
    begin.focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'start', cluster: 'WK1', kind: 'switchover-and-back', reason: 'quarterly' },
      ]),
    );
  });

  it('sends messages of its own to a test listener where one is named, and to none that is not one', async () => {
    const acts = openDrills(drillsFixtures.none);
    await userEvent.click(await screen.findByRole('radio', { name: /Active cut off/ }));
    await userEvent.type(screen.getByLabelText('Reason'), 'yearly');
    const listener = screen.getByLabelText('Test listener behind the load balancer');
    await userEvent.type(listener, 'lb');
    const begin = screen.getByRole('button', { name: 'Begin: Active cut off of WK1' });
    expect(begin.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByText(/HOST:PORT/)).toBeTruthy();
    await userEvent.type(listener, ':6699');
    await userEvent.click(begin);
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'start', cluster: 'WK1', kind: 'cut-off', reason: 'yearly', probe: 'lb:6699' },
      ]),
    );
  });

  it('plans another drill, takes nothing that is no number of days, and lets it be taken back, by keyboard', async () => {
    const acts = openDrills(drillsFixtures.none);
    const change = await screen.findByRole('button', { name: 'Change the plan' });
    change.focus();
    await userEvent.keyboard('{Enter}');
    const form = within(screen.getByRole('form', { name: 'How often a drill shall be made' }));
    const days = form.getByRole('textbox', { name: 'Days between two' });
    expect((days as HTMLInputElement).value).toBe('90');
    await userEvent.selectOptions(form.getByRole('combobox', { name: 'Cluster' }), 'WK2');
    await userEvent.selectOptions(form.getByRole('combobox', { name: 'Drill' }), 'engine-kill');
    expect((days as HTMLInputElement).value).toBe('');
    await userEvent.type(days, '0{Enter}');
    expect(form.getByText('Whole days from 1 to 3650.')).toBeTruthy();
    expect(acts).toEqual([]);
    await userEvent.clear(days);
    await userEvent.type(days, '180{Enter}');
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'plan', interval: { cluster: 'WK2', kind: 'engine-kill', everyDays: 180 } },
      ]),
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Change the plan' }));
    await userEvent.clear(screen.getByRole('textbox', { name: 'Days between two' }));
    await userEvent.click(screen.getByRole('button', { name: 'Keep the plan' }));
    await waitFor(() =>
      expect(acts.at(-1)).toEqual({
        act: 'plan',
        interval: { cluster: 'WK1', kind: 'switchover-and-back', everyDays: null },
      }),
    );
  });

  it('shows no measurement where the time lies between two clocks, and says where it is only the least', async () => {
    const [ended] = drillsFixtures.some.records;
    const outage = (ms: number, more: object) => ({ ...ended!.outage!, ms, ...more });
    openDrills({
      ...drillsFixtures.some,
      records: [
        { ...ended!, id: 'one', outage: outage(0, { betweenClocks: true }) },
        { ...ended!, id: 'two', outage: outage(12_000, { atLeast: true }) },
        { ...ended!, id: 'three', outage: outage(12_000, { atLeast: false }) },
      ],
    });
    const rows = within(await screen.findByRole('list', { name: 'Drills that were made' })).getAllByRole(
      'button',
    );
    expect(rows[0]!.textContent).toContain('not known');
    expect(rows[0]!.textContent).not.toContain('0 ms');
    expect(rows[1]!.textContent).toContain('at least 12 s');
    const bars = rows.map((row) => row.querySelector<HTMLElement>('[aria-hidden] > span')!);
    expect(bars.map(({ style }) => style.width)).toEqual(['100%', '20%', '20%']);
    expect(bars.map(({ className }) => className === classes.open)).toEqual([true, true, false]);
  });

  it('lists every blocker with its remedy where the cluster cannot fail over', async () => {
    const acts = openDrills(drillsFixtures.none, 'dead-server');
    await userEvent.click(await screen.findByRole('radio', { name: /Engine killed/ }));
    const begin = screen.getByRole('button', { name: /^Begin: Engine killed/ });
    expect(begin.getAttribute('aria-disabled')).toBe('true');
    await userEvent.click(begin);
    expect(acts).toEqual([]);
  });

  it('shows a running drill step by step, and lets it be ended', async () => {
    const acts = openDrills(drillsFixtures.running);
    expect(await screen.findByRole('heading', { level: 1, name: 'A drill of WK1 runs' })).toBeTruthy();
    expect(screen.getByText('ig-south is Active under epoch 42')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'End after this step' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'stop' }]));
  });

  it('says what happens while a drill runs, and counts down to when the agent heals it', async () => {
    const page = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/drills',
      answers: { getDrills: () => drillsFixtures.cutting },
    });
    const happens = within(await screen.findByRole('region', { name: 'What happens' }));
    expect(happens.getByText(/as if its cable were pulled/)).toBeTruthy();
    const said = () => screen.getByRole('timer').textContent;
    expect(said()).toBe('ig-north gets its ways back in 38 s at the latest');
    page.pass(3_000);
    expect(said()).toBe('ig-north gets its ways back in 35 s at the latest');
    page.pass(36_000);
    expect(said()).toBe('ig-north should have its ways back by now');
  });

  it('lets a person cut the power only with a reason and the name of the server typed', async () => {
    const acts = openDrills(drillsFixtures.none);
    await userEvent.click(await screen.findByRole('radio', { name: /Power cut by a person/ }));
    expect(screen.getByText(/^Have at hand/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Reason'), 'yearly');
    const begin = screen.getByRole('button', { name: 'Begin: Power cut by a person of WK1' });
    const name = screen.getByLabelText('Type the name of the server: ig-north');
    await userEvent.type(name, 'ig-south');
    expect(begin.getAttribute('aria-disabled')).toBe('true');
    await userEvent.click(begin);
    expect(acts).toEqual([]);
    await userEvent.clear(name);
    await userEvent.type(name, 'ig-north');
    begin.focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'start', cluster: 'WK1', kind: 'power-off', reason: 'yearly', typedName: 'ig-north' },
      ]),
    );
  });

  it('refuses a power cut where nobody could take over, also with the name typed', async () => {
    const acts = openDrills(drillsFixtures.none, 'failover-blocked');
    await userEvent.click(await screen.findByRole('radio', { name: /Power cut by a person/ }));
    await userEvent.type(screen.getByLabelText('Reason'), 'yearly');
    await userEvent.type(screen.getByLabelText('Type the name of the server: ig-north'), 'ig-north');
    await userEvent.click(screen.getByRole('button', { name: 'Begin: Power cut by a person of WK1' }));
    expect(acts).toEqual([]);
  });

  it('asks a person to cut the power, with a clock, and later asks whether it was cut', async () => {
    const page = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/drills',
      answers: { getDrills: () => drillsFixtures.powerOff },
    });
    expect(await screen.findByText('Now cut the power of ig-north.')).toBeTruthy();
    expect(screen.getByRole('timer').textContent).toBe('(20 s)');
    page.pass(5_000);
    expect(screen.getByRole('timer').textContent).toBe('(25 s)');
    page.pass(280_000);
    expect(screen.getByText(/ig-north still answers: was its power cut\?/)).toBeTruthy();
  });

  it('leads to the cluster when the failover does not come', async () => {
    openDrills(drillsFixtures.powerOffLate);
    expect(await screen.findByText(/The failover has not come/)).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Look at WK1' });
    expect(link.getAttribute('href')).toBe('#/cluster/WK1/topology');
  });

  it('asks for the power once the other server serves', async () => {
    openDrills(drillsFixtures.powerOn);
    expect(await screen.findByText('Now give ig-north its power back.')).toBeTruthy();
  });

  it('leads from what was made to its verification', async () => {
    openDrills(drillsFixtures.some);
    const list = await screen.findByRole('list', { name: 'Drills that were made' });
    await userEvent.click(within(list).getAllByRole('button')[0]!);
    expect(screen.getByRole('link', { name: 'op-41' }).getAttribute('href')).toBe('#/verification/WK1/op-41');
  });

  it('says that it is not known when the agent heals it', async () => {
    openDrills(drillsFixtures.cuttingUnknown);
    expect((await screen.findByRole('timer')).textContent).toBe(
      'When ig-north gets its ways back is not known',
    );
  });

  it('tells what an earlier drill showed', async () => {
    openDrills(drillsFixtures.some);
    const list = await screen.findByRole('list', { name: 'Drills that were made' });
    await userEvent.click(within(list).getAllByRole('button')[0]!);
    expect(screen.getByText(/^Switchover and back of WK1 passed/)).toBeTruthy();
    expect(screen.getByText(/none is missing/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Export' })).toBeTruthy();
  });

  it('says why the host refused', async () => {
    openDrills(drillsFixtures.none, 'healthy', () => {
      throw Object.assign(new Error(), {
        error: productError('drill.refused', 'No drill of WK1 can begin now.'),
      });
    });
    await userEvent.click(await screen.findByRole('button', { name: /^Begin: Dry run/ }));
    expect(await screen.findByRole('alert')).toBeTruthy();
  });

  it('says while it waits for a second person, and leads to where somebody agrees', async () => {
    openPage({
      snapshot: requestOfAnother(),
      hash: '#/drills',
      answers: { getDrills: () => drillsFixtures.waiting },
    });
    expect(await screen.findByText(/^It waits for a second person, up to 15 minutes/)).toBeTruthy();
    expect(screen.getByText(/^A switchover of WK1 to ig-south waits for a second person/)).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Look and decide' });
    expect(link.getAttribute('href')).toBe('#/cluster/WK1/second-person');
  });

  it('stays with a drill that has ended: its result and certificate are there without a search', async () => {
    const page = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/drills',
      answers: { getDrills: () => drillsFixtures.running },
    });
    expect(await screen.findByRole('button', { name: 'End after this step' })).toBeTruthy();
    const [first, ...others] = drillsFixtures.running.records;
    const ended = endedDrill(first!, 5_900);
    act(() =>
      page.console.drills.setState({ view: { ...drillsFixtures.running, records: [ended, ...others] } }),
    );
    expect(screen.getByText(ended.sentence)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Export' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Make another drill' }));
    expect(screen.getByRole('button', { name: /^Begin: / })).toBeTruthy();
  });
});
