import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { SecondPersonScope } from '../../shared/second-person/scope.ts';
import type { ToldRequest } from '../../shared/second-person/told-request.ts';
import { clusterOf, healthy } from './site-fixture.ts';

const request: ToldRequest = {
  ...{ id: '4f2c91ab', verb: 'switchover', what: 'a switchover of WK1 to ig-south', target: 'ig-south' },
  ...{ reason: 'kernel patch on ig-north', epoch: 47, by: 'anna', leftMs: 11 * 60_000 + 20_000 },
  ...{ askedAt: '2026-03-14T04:27:40.000Z', until: '2026-03-14T04:42:40.000Z' },
  ...{ state: 'waiting', decidedBy: null, why: '', operation: null },
};

/** WK1 asks for a second person for what is planned; `requests` are kept by ig-north. */
export function secondPerson(
  scope: SecondPersonScope,
  ...requests: readonly Partial<ToldRequest>[]
): ConsoleSnapshot {
  const snapshot = healthy();
  const [north, south] = clusterOf(snapshot, 'WK1').members;
  const said = scope === 'none' ? null : { scope, by: 'admin-1' };
  north!.snapshot!.secondPerson = { said, requests: requests.map((change) => ({ ...request, ...change })) };
  south!.snapshot!.secondPerson = { said, requests: [] };
  return snapshot;
}

/** Somebody else asks for a switchover. */
export const requestOfAnother = () => secondPerson('planned', {});
/** This workstation has asked for it. */
export const requestOfOwn = () => secondPerson('planned', { by: 'admin-1' });
/** Nothing waits; the last two were decided. */
export const requestsDecided = () =>
  secondPerson(
    'planned',
    { id: '7be01c22', state: 'declined', decidedBy: 'ben', why: 'the backup still runs', leftMs: 0 },
    {
      ...{ id: '0a11d3f0', state: 'done', decidedBy: 'ben, administrator on ig-north', leftMs: 0 },
      ...{ what: 'maintenance of WK1 for 30 min', verb: 'maintenance', askedAt: '2026-03-14T03:02:00.000Z' },
    },
  );
