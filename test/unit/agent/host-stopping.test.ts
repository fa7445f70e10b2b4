import { describe, expect, it } from 'vitest';
import { hostStopping } from '../../../agent/services/host-stopping.ts';

/** Goal: only the service manager's own word counts. Method: its answer as a function. */
const told = (output: string) =>
  hostStopping(() => Promise.resolve({ code: 1, output, timedOut: false, left: null }));

describe('the whole server', () => {
  it('stops when the service manager says so, and does not when it says something else or nothing', async () => {
    expect(await told('stopping\n')).toBe(true);
    expect(await told('running\n')).toBe(false);
    expect(await told('Failed to connect to bus')).toBe(false);
  });
});
