import { Buffer } from 'node:buffer';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import type { BundleView } from '../../shared/console-ipc/history-calls.ts';
import { productError } from '../../shared/errors.ts';
import { siteThen } from '../../shared/history/site-then.ts';
import { fixtures } from '../screens/fixtures.ts';
import { journalRecord } from '../unit/host/history/journal-record.ts';
import { openPage } from './open-page.tsx';

/** Goal: a bundle is a past of its own. Method: a host that notes which source it is asked for. */
const record = journalRecord(7, {
  sentence: 'ig-south becomes Active.',
  wallTime: '2026-03-14T04:31:20.000Z',
});
const chain = {
  ...{ cluster: 'WK1', server: 'ig-south', life: 1, records: 7 },
  verdict: 'unbroken',
  ...{ first: 1, last: 7, breaks: [], breakCount: 0, unchecked: 0, gaps: [] },
} as const;
const bundle: BundleView = {
  ...{
    id: 'bundle-1',
    fileName: 'ixha-support-clinic.tar.gz',
    site: 'clinic',
    madeAt: '2026-03-14T05:00:00Z',
  },
  ...{ productVersion: '0.1.0', from: record.wallTime, to: record.wallTime, records: 1 },
  ...{ members: [{ cluster: 'WK1', server: 'ig-south' }], chains: [chain], lacks: [] },
};
let sources: unknown[];

beforeEach(() => {
  sources = [];
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
});

function open(
  openBundle: (request: unknown) => unknown = () => bundle,
  sendBundle: (request: unknown) => unknown = () => ({ bundle: null }),
) {
  const noted =
    <Answer,>(answer: (request: { source: string | null }) => Answer) =>
    (request: unknown): Answer => {
      const asked = request as { source: string | null };
      sources.push(asked.source);
      return answer(asked);
    };
  const answers = {
    openBundle,
    sendBundle,
    readTimeline: noted((): ConsoleResponse<'readTimeline'> => ({ records: [record], end: null })),
    readTimelineOverview: noted((): ConsoleResponse<'readTimelineOverview'> => ({
      total: 1,
      oldest: record.wallTime,
      roles: [{ ...record, kind: 'role', verdict: 'active', epoch: 4, server: 'ig-south', cluster: 'WK1' }],
      now: record.wallTime,
      journals: [],
    })),
    readInstant: noted(() => siteThen([], record.wallTime, null)),
    exportHistory: noted(() => ({ fileName: 'x.json', base64: '' })),
  };
  openPage({ snapshot: fixtures.healthy(), hash: '#/timeline/bundle', answers });
}

async function openIt() {
  await userEvent.type(await screen.findByLabelText('Bundle on this workstation'), '/tmp/b.tar.gz');
  await userEvent.keyboard('{Enter}');
}

describe('a support bundle', () => {
  it('is asked for by its place, and nothing is asked before', async () => {
    const asked: unknown[] = [];
    open((request) => (asked.push(request), bundle));
    const button = await screen.findByRole('button', { name: 'Open the bundle' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(sources).toEqual([]);
    await openIt();
    expect(await screen.findByRole('heading', { level: 1, name: 'ixha-support-clinic.tar.gz' })).toBeTruthy();
    expect(asked).toEqual([{ path: '/tmp/b.tar.gz' } satisfies ConsoleRequest<'openBundle'>]);
    expect(screen.getByText(/Not the present state of any server/)).toBeTruthy();
    expect(screen.getByText(/WK1 on ig-south: Unbroken from record 1 to 7/)).toBeTruthy();
  });

  it('tells its records and the site at an instant, of itself and never of the site that is shown', async () => {
    open();
    await openIt();
    await userEvent.click(await screen.findByText('ig-south becomes Active.'));
    expect(await screen.findByRole('region', { name: 'As the journals tell it' })).toBeTruthy();
    await waitFor(() => expect(sources.length).toBeGreaterThanOrEqual(3));
    expect(new Set(sources)).toEqual(new Set(['bundle-1']));
  });

  it('shows who was what from its own records, and can be looked at more closely', async () => {
    open();
    await openIt();
    expect(await screen.findByRole('img', { name: 'WK1 on ig-south: Active, epoch 4' })).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Instant'), '2026-03-14T04:31:20Z{Enter}');
    expect(await screen.findByRole('region', { name: /^At / })).toBeTruthy();
    expect(new Set(sources)).toEqual(new Set(['bundle-1']));
    await userEvent.type(screen.getByLabelText('From'), '2026-03-15T04:31Z');
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getByRole('alert').textContent).toContain('is after the newest record of the bundle');
  });

  it('is chosen as other files are, and handed over in parts that a message holds', async () => {
    const parts: ConsoleRequest<'sendBundle'>[] = [];
    open(undefined, (request) => {
      parts.push(request as ConsoleRequest<'sendBundle'>);
      return { bundle: parts.at(-1)!.last ? bundle : null };
    });
    const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251);
    await userEvent.upload(
      await screen.findByLabelText('Choose a bundle…', { selector: 'input' }),
      new File([bytes], 'ixha-support-clinic.tar.gz'),
    );
    expect(await screen.findByRole('heading', { level: 1, name: 'ixha-support-clinic.tar.gz' })).toBeTruthy();
    expect(parts.map(({ part, last }) => [part, last])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(new Set(parts.map(({ upload }) => upload)).size).toBe(1);
    const whole = Buffer.concat(parts.map(({ base64 }) => Buffer.from(base64, 'base64')));
    expect(whole.equals(Buffer.from(bytes))).toBe(true);
  });

  it('that was changed says so before anything else', async () => {
    const broken = {
      ...chain,
      verdict: 'broken',
      breaks: [{ at: 5, sentence: 'x' }],
      breakCount: 1,
    } as const;
    open(() => ({ ...bundle, chains: [broken], lacks: ['Missing from ig-north: its journal. It was off.'] }));
    await openIt();
    expect(await screen.findByText('A journal was changed after it was written')).toBeTruthy();
    expect(screen.getByText(/BROKEN at record 5/)).toBeTruthy();
    expect(screen.getByText(/Missing from ig-north/)).toBeTruthy();
  });

  it('that is none is refused with what to do, and another one can be opened', async () => {
    let isGood = false;
    open(() => {
      if (isGood) return bundle;
      throw new CallFailure(productError('bundle.foreign', 'This is no support bundle.'));
    });
    await openIt();
    expect(await screen.findByText('This is no support bundle.')).toBeTruthy();
    isGood = true;
    await userEvent.click(screen.getByRole('button', { name: 'Open the bundle' }));
    expect(await screen.findByText(/Unbroken/)).toBeTruthy();
    expect(screen.queryByText('This is no support bundle.')).toBeNull();
  });
});
