import { expect, test } from 'vitest';
import {
  orderOf,
  refusalOf,
  withOrder,
  type DemoFaultOrder,
  type FaultInForce,
  type FaultRequest,
} from '../../../../electron/host/demo/demo-faults.ts';

const request = (more: Partial<FaultRequest>): FaultRequest => ({
  kind: 'kill-server',
  server: null,
  cluster: null,
  other: null,
  ...more,
});
const after = (...orders: DemoFaultOrder[]) =>
  orders.reduce<readonly FaultInForce[]>((inForce, order) => withOrder(inForce, order, 0), []);

test.each<[Partial<FaultRequest>, RegExp]>([
  [{ kind: 'kill-server' }, /servers are ig-north and ig-south/],
  [{ kind: 'kill-server', server: 'ig-witness' }, /ig-witness cannot be meant here/],
  [{ kind: 'kill-engine', server: 'ig-north' }, /there are WK1 and WK2/],
  [{ kind: 'freeze-agent', server: 'ig-north', cluster: 'WK9' }, /WK9 is not a cluster/],
  [{ kind: 'cut-link', server: 'ig-north', other: 'ig-north' }, /no link between ig-north and ig-north/],
  [{ kind: 'cut-link', server: 'ig-north' }, /no link between ig-north and nothing/],
])('a request that names what is not there is refused in words: %j', (more, words) => {
  expect(orderOf(request(more))).toMatch(words);
});

test('a complete request becomes an order', () => {
  expect(orderOf(request({ kind: 'cut-link', server: 'ig-witness', other: 'ig-south' }))).toEqual({
    kind: 'cut-link',
    server: 'ig-witness',
    other: 'ig-south',
  });
  expect(orderOf(request({ kind: 'stop-witness' }))).toEqual({ kind: 'stop-witness' });
  expect(orderOf(request({ kind: 'lose-store' }))).toEqual({ kind: 'lose-store' });
});

test('the same fault cannot be in force twice, also when its ends are named the other way round', () => {
  const cut: DemoFaultOrder = { kind: 'cut-link', server: 'ig-north', other: 'ig-south' };
  const orders: DemoFaultOrder[] = [
    { kind: 'kill-server', server: 'ig-north' },
    { kind: 'freeze-agent', server: 'ig-north', cluster: 'WK1' },
    { kind: 'stop-witness' },
    cut,
  ];
  for (const order of orders) expect(refusalOf(order, after(order))).toMatch(/already/);
  expect(refusalOf({ ...cut, server: 'ig-south', other: 'ig-north' }, after(cut))).toMatch(/already/);
  expect(refusalOf({ ...cut, other: 'ig-witness' }, after(cut))).toBeUndefined();
});

test('nothing more can be done to a server that is off', () => {
  const off = after({ kind: 'kill-server', server: 'ig-north' });
  expect(refusalOf({ kind: 'kill-engine', server: 'ig-north', cluster: 'WK1' }, off)).toMatch(/off already/);
  expect(refusalOf({ kind: 'kill-engine', server: 'ig-south', cluster: 'WK1' }, off)).toBeUndefined();
});

test('a killed engine is a moment and no state, and a power cut ends the freeze of its agents', () => {
  expect(after({ kind: 'kill-engine', server: 'ig-north', cluster: 'WK1' })).toEqual([]);
  const inForce = after(
    { kind: 'freeze-agent', server: 'ig-north', cluster: 'WK1' },
    { kind: 'freeze-agent', server: 'ig-south', cluster: 'WK1' },
    { kind: 'kill-server', server: 'ig-north' },
  );
  expect(inForce.map(({ fault }) => `${fault.kind} ${fault.server}`)).toEqual([
    'freeze-agent ig-south',
    'kill-server ig-north',
  ]);
});

test('a lease store that has lost its disk runs again, and can lose the next one', () => {
  const inForce = after(
    { kind: 'stop-witness' },
    { kind: 'cut-link', server: 'ig-north', other: 'ig-south' },
  );
  const lost = withOrder(inForce, { kind: 'lose-store' }, 0);
  expect(lost.map(({ fault }) => fault.kind)).toEqual(['cut-link']);
  expect(refusalOf({ kind: 'lose-store' }, lost)).toBeUndefined();
});
