import { describe, expect, it } from 'vitest';
import { storeErrors } from '../../../../electron/host/move-store/fit-store.ts';
import { failedCheck, passed } from '../../../../shared/preflight/preflight-check.ts';

/** Goal: what is wrong with the next store, and only that, refuses a move. Method: checks as a preflight tells them. */
const failing = (id: string, subject: string) =>
  failedCheck({ id, subject, what: 'reaches the witness' }, 'TCP 7660 is refused', 'Let TCP 7660 through.');

describe('the server of the next store', () => {
  it('is refused for what failed there, on the way to it, or between its clock and another', () => {
    const checks = [
      failing('way', 'north → nas'),
      failing('clock', 'nas, south'),
      failing('disk', 'nas'),
      passed({ id: 'way', subject: 'south → nas', what: 'reaches the witness' }, 'TCP 7660, 0.3 ms'),
    ];
    expect(storeErrors(checks, 'nas').map(({ message }) => message)).toEqual([
      'north → nas: reaches the witness: TCP 7660 is refused.',
      'nas, south: reaches the witness: TCP 7660 is refused.',
      'nas: reaches the witness: TCP 7660 is refused.',
    ]);
    expect(storeErrors(checks, 'nas')[0]).toMatchObject({
      code: 'move.refused',
      next: 'Let TCP 7660 through.',
    });
  });

  it('is not refused for what failed elsewhere', () => {
    expect(storeErrors([failing('way', 'north → south'), failing('disk', 'nas-2')], 'nas')).toEqual([]);
  });
});
