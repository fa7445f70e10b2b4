import { describe, expect, it } from 'vitest';
import { Faults } from '../../../../electron/demo/engine/faults.ts';

describe('fault switches', () => {
  it('last until they are cleared', () => {
    const faults = new Faults();
    faults.set({ fault: 'lose-ack', value: true });
    expect([faults.strike('lose-ack'), faults.strike('lose-ack')]).toEqual([true, true]);
    faults.set({ fault: 'lose-ack', value: null });
    expect(faults.strike('lose-ack')).toBe(false);
  });

  it('strike as often as their number says', () => {
    const faults = new Faults();
    faults.set({ fault: 'drop-connection', value: 2 });
    expect([1, 2, 3].map(() => faults.strike('drop-connection'))).toEqual([true, true, false]);
  });

  it('have a duration of their own when none is given', () => {
    const faults = new Faults();
    faults.set({ fault: 'slow-stop', value: true });
    expect(faults.amount('slow-stop')).toBe(10_000);
    faults.set({ fault: 'slow-stop', value: 70 });
    expect(faults.amount('slow-stop')).toBe(70);
  });

  it('refuse an answer code where none fits, and a switch where a code is needed', () => {
    const faults = new Faults();
    expect(faults.set({ fault: 'hang-api', value: 'AE' }).ok).toBe(false);
    expect(faults.set({ fault: 'ack', value: true }).ok).toBe(false);
    expect(faults.set({ fault: 'ack', value: 'AR' }).ok).toBe(true);
    expect(faults.ackCode()).toBe('AR');
  });

  it('outlive the process only where they concern the next start', () => {
    const faults = new Faults();
    faults.set({ fault: 'safe-mode', value: true });
    faults.set({ fault: 'hang-all', value: true });
    const next = new Faults(faults.lasting());
    expect(next.active()).toEqual({ 'safe-mode': true });
    expect(new Faults({ 'hang-all': true }).active()).toEqual({});
  });

  it('let those wait who hang, until the last of their faults is over', async () => {
    const faults = new Faults();
    faults.set({ fault: 'hang-all', value: true });
    faults.set({ fault: 'half-open', value: true });
    let over = false;
    const waiting = faults.cleared('hang-all', 'half-open').then(() => (over = true));
    faults.set({ fault: 'hang-all', value: null });
    await Promise.resolve();
    expect(over).toBe(false);
    faults.set({ fault: 'half-open', value: null });
    await waiting;
    expect(over).toBe(true);
  });
});
