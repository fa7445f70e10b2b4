import { expect, test } from 'vitest';
import { handBack } from '../../../agent/member/hand-back.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import { hostStopping } from '../../../agent/services/host-stopping.ts';
import type { RunProgram } from '../../../agent/services/run-program.ts';

/** Goal: what is done to gate, epoch and lease, in which order. Method: parts that write down what is asked of them. */
function partsWith(
  looks: readonly ('stopped' | 'running')[],
  options: {
    held?: boolean;
    full?: boolean;
    releasing?: boolean;
    noLedger?: boolean;
    onPromise?: boolean;
    atWord?: boolean;
  } = {},
) {
  const done: string[] = [];
  let look = -1;
  const parts = {
    clock: { bootMs: () => 0 },
    memory: { current: () => ({ epoch: 5, ended: 4 }) },
    probes: {
      process: {
        lookNow: () => {
          look += 1;
          return Promise.resolve();
        },
        fact: () => ({ value: { process: looks[look] } }),
      },
    },
    ledger: {
      seal: () => {
        done.push('ledger sealed');
        return options.noLedger === true ? Promise.reject(new Error('gone')) : Promise.resolve();
      },
    },
    keeper: {
      facts: () => ({ held: options.held ?? true, releasing: options.releasing ?? false }),
      peerMode: {
        facts: () => ({ livesOn: options.onPromise === true ? { period: {}, sinceMs: 1 } : null }),
      },
      forced: { lives: () => options.atWord === true },
      disarm: () => done.push('gate shut'),
      endEpoch: () => {
        if (options.full === true) throw new Error('ENOSPC');
        done.push('ended');
      },
      release: (reservedFor: string | null) => {
        done.push(`released for ${reservedFor}`);
        return Promise.resolve({ ok: true, value: [] });
      },
    },
  };
  return { done, parts: parts as unknown as MemberParts };
}

test('does nothing without a lease, and leaves the gate alone while the engine runs', async () => {
  const without = partsWith(['stopped', 'stopped'], { held: false });
  expect(await handBack(without.parts, null)).toBeNull();
  const running = partsWith(['running']);
  expect(await handBack(running.parts, null)).toMatch(/still runs/);
  expect([...without.done, ...running.done]).toEqual([]);
});

test('shuts the gate, ends the epoch, then releases the lease for the peer', async () => {
  const { parts, done } = partsWith(['stopped', 'stopped']);
  expect(await handBack(parts, 'south')).toBe('the lease of epoch 5 was released');
  expect(done).toEqual(['gate shut', 'ledger sealed', 'ended', 'released for south']);
});

test('releases the lease although the ledger cannot be sealed', async () => {
  const { parts, done } = partsWith(['stopped', 'stopped'], { noLedger: true });
  expect(await handBack(parts, 'south')).toBe('the lease of epoch 5 was released');
  expect(done.at(-1)).toBe('released for south');
});

test('keeps the lease when the engine was started between look and shut gate', async () => {
  const { parts, done } = partsWith(['stopped', 'running']);
  expect(await handBack(parts, 'south')).toMatch(/started again/);
  expect(done).toEqual(['gate shut']);
});

test('releases nothing whose end could not be written down', async () => {
  const { parts, done } = partsWith(['stopped', 'stopped'], { full: true });
  expect(await handBack(parts, 'south')).toMatch(/could not be given back: Error: ENOSPC/);
  expect(done).toEqual(['gate shut', 'ledger sealed']);
});

test('ends no epoch that lives on the promise of the peer: it is taken up again when this server is back', async () => {
  const { parts, done } = partsWith(['stopped', 'stopped'], { onPromise: true });
  expect(await handBack(parts, 'south')).toMatch(/promise of the other member/);
  expect(done).toEqual(['gate shut']);
});

test('ends no epoch of a takeover that a person has forced without the store: no store knows of it', async () => {
  const { parts, done } = partsWith(['stopped', 'stopped'], { atWord: true });
  expect(await handBack(parts, 'south')).toMatch(/at a person’s word, so there is no lease to give back/);
  expect(done).toEqual(['gate shut']);
});

test('finishes a release that the store has not confirmed', async () => {
  const { parts, done } = partsWith(['stopped'], { held: false, releasing: true });
  expect(await handBack(parts, 'south')).toMatch(/was released/);
  expect(done).toEqual(['released for south']);
});

test('takes only the word of the service manager for a server that stops', async () => {
  const says =
    (output: string): RunProgram =>
    () =>
      Promise.resolve({ code: 1, output, timedOut: false, left: null });
  expect(await hostStopping(says('stopping\n'))).toBe(true);
  for (const other of ['running\n', 'degraded\n', '', 'spawn systemctl ENOENT']) {
    expect(await hostStopping(says(other))).toBe(false);
  }
});
