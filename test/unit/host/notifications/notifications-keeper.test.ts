import { describe, expect, it } from 'vitest';
import { NotificationsKeeper } from '../../../../electron/host/notifications/notifications-keeper.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { targetsGoal } from '../../../../electron/host/notifications/change-targets.ts';
import { agentPaths } from '../../../../shared/agent-api/agent-api.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { notificationPolicy } from '../../../screens/notifications-fixture.ts';
import { siteDocument } from '../../../screens/site-document-fixture.ts';

/** Goal: tests and secrets go to the members that are meant, and each answer is kept with its age. Method: members by hand. */
function open() {
  const asked: { member: string; path: string; body: unknown }[] = [];
  let nowMs = 1_000;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const ask: AskAgent = async (endpoint, { path, body }) => {
    asked.push({ member: endpoint.name, path, body });
    if (path === agentPaths.notifyTest) await held;
    if (endpoint.name.startsWith('ig-north')) {
      return fail(productError('agent.unreachable', `${endpoint.name} does not answer.`));
    }
    const result = { target: 'desk', place: 'https://x', tookMs: 12, failure: null };
    return succeed((path === agentPaths.notifyTest ? { results: [result] } : { kept: ['desk'] }) as never);
  };
  const site = {
    profileDirectory: '/profile',
    document: { ...siteDocument(), notifications: notificationPolicy },
    ask,
  };
  let shown: typeof site | null = site;
  const keeper = new NotificationsKeeper({
    time: { bootMs: () => nowMs },
    onNews: () => undefined,
    site: () => shown,
  });
  return {
    ...{ keeper, asked, site },
    release: () => release(),
    pass: (ms: number) => (nowMs += ms),
    show: (next: typeof site | null) => (shown = next),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a test', () => {
  it('is awaited, then told with its age, of every member', async () => {
    const { keeper, asked, release, pass } = open();
    await keeper.act({ act: 'test', target: 'desk', from: null });
    expect(asked.every(({ body }) => JSON.stringify(body) === '{"target":"desk"}')).toBe(true);
    expect(keeper.view().tests.map(({ outcome }) => outcome)).toEqual(asked.map(() => null));
    release();
    await settled();
    pass(4_000);
    const outcomes = keeper.view().tests.map(({ outcome, sinceMs }) => [outcome?.kind, sinceMs]);
    expect(outcomes).toContainEqual(['told', 4_000]);
    expect(outcomes).toContainEqual(['not-told', 4_000]);
  });

  it('of one member asks that one alone, and not twice at once', async () => {
    const { keeper, asked, site } = open();
    const cluster = site.document.clusters[0]!;
    const from = { cluster: cluster.id, server: cluster.members[0]!.server };
    await keeper.act({ act: 'test', target: 'desk', from });
    await keeper.act({ act: 'test', target: 'desk', from });
    expect(asked).toHaveLength(1);
  });

  it('of another site is not shown', async () => {
    const { keeper, release, show, site } = open();
    await keeper.act({ act: 'test', target: 'desk', from: null });
    show({ ...site, profileDirectory: '/other' });
    expect(keeper.view().tests).toEqual([]);
    release();
    await settled();
    expect(keeper.view().tests).toEqual([]);
  });
});

describe('secrets', () => {
  it('are told member by member, and kept nowhere in the view', async () => {
    const { keeper } = open();
    const secrets = { bearerToken: 'token-of-the-desk' };
    const view = await keeper.act({ act: 'secrets', target: 'desk', secrets });
    if (!view.ok) throw new Error(view.error.message);
    expect(view.value.given?.members.some(({ error }) => error === null)).toBe(true);
    expect(view.value.given?.members.some(({ error }) => error !== null)).toBe(true);
    expect(JSON.stringify(view.value)).not.toContain('token-of-the-desk');
  });

  it('are not taken while no site is open', async () => {
    const { keeper, show } = open();
    show(null);
    expect(await keeper.act({ act: 'secrets', target: 'desk', secrets: {} })).toMatchObject({
      error: { code: 'site.missing' },
    });
  });
});

describe('the site with other targets', () => {
  const site = siteDocument();
  const access = { access: {} };

  it('has the next version, or no such part at all', () => {
    const goal = targetsGoal({ site, access }, notificationPolicy);
    expect(goal).toMatchObject({
      value: { site: { version: site.version + 1, notifications: notificationPolicy } },
    });
    const none = targetsGoal({ site: { ...site, notifications: notificationPolicy }, access }, null);
    expect(none.ok && 'notifications' in none.value.site).toBe(false);
  });

  it('is refused where two targets have one name', () => {
    const [one] = notificationPolicy.targets;
    expect(targetsGoal({ site, access }, { targets: [one!, one!] })).toMatchObject({
      error: { code: 'site.unsafe' },
    });
  });
});
