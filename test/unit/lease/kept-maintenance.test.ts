import { expect, test } from 'vitest';
import {
  maintenanceIsOver,
  maintenanceNow,
  passiveIsAsked,
  type StoreOnMaintenance,
} from '../../../shared/lease/kept-maintenance.ts';

const kept = { storeId: 'store-1', version: 4, by: 'admin-1', reason: 'kernel patch', lastsMs: 60_000 };
const told = { by: 'admin-1', reason: 'kernel patch', leftMs: 20_000 };
const store = (changes: Partial<StoreOnMaintenance> = {}): StoreOnMaintenance => ({
  storeId: 'store-1',
  version: 4,
  maintenance: null,
  said: false,
  ...changes,
});

test('while its store is heard, only the store says whether there is a maintenance', () => {
  expect(maintenanceNow(store({ maintenance: told }), kept, 0)).toBe(told);
  expect(maintenanceNow(store({ version: 3 }), kept, 0)).toBeNull();
  expect(maintenanceNow(store(), null, 0)).toBeNull();
});

test('what the member keeps counts while its store is not heard, and with a store that cannot know', () => {
  const own = { by: 'admin-1', reason: 'kernel patch', leftMs: 50_000 };
  expect(maintenanceNow(null, kept, 10_000)).toEqual(own);
  expect(maintenanceNow(store({ storeId: 'store-2' }), kept, 10_000)).toEqual(own);
  expect(maintenanceNow(null, kept, 60_000)).toBeNull();
});

test('with another store it counts until a person has begun or ended one there', () => {
  const replaced = store({ storeId: 'store-2', version: 1, said: true });
  expect(maintenanceNow(replaced, kept, 10_000)).toBeNull();
  expect(maintenanceIsOver(replaced, kept, 10_000, 100)).toBe(true);
  const begunAnew = { ...replaced, maintenance: told };
  expect(maintenanceNow(begunAnew, kept, 10_000)).toBe(told);
  expect(maintenanceIsOver(begunAnew, kept, 10_000, 100)).toBe(false);
});

const over = (told: StoreOnMaintenance | null, keptForMs: number, heardAgoMs: number | null = null) =>
  maintenanceIsOver(told, kept, keptForMs, heardAgoMs);

test('it is forgotten when its store has ended it, or its time is over, and not while its store has yet to write it', () => {
  expect(over(store(), 0)).toBe(true);
  expect(over(store({ version: 3 }), 0)).toBe(false);
  expect(over(store({ version: 3 }), 60_000)).toBe(true);
  expect(over(store({ maintenance: told }), 60_000)).toBe(false);
  expect(over(null, 59_999)).toBe(false);
  expect(over(null, 60_000)).toBe(true);
  expect(over(store({ storeId: 'store-2', version: 9 }), 0)).toBe(false);
});

test('one that has never begun is forgotten once the store has answered long after it was kept, and not by an older answer', () => {
  const long = { ...kept, lastsMs: 3_600_000 };
  const forgotten = (keptForMs: number, heardAgoMs: number | null, version = 3) =>
    maintenanceIsOver(store({ version }), long, keptForMs, heardAgoMs);
  expect(forgotten(119_000, 100)).toBe(false);
  expect(forgotten(121_000, 100)).toBe(true);
  expect(forgotten(900_000, 899_000)).toBe(false);
  expect(forgotten(900_000, null)).toBe(false);
  expect(maintenanceIsOver(store({ version: 4, maintenance: told }), long, 900_000, 100)).toBe(false);
});

test('the peer is asked unless it is the Active by the word of the store', () => {
  const lease = { held: false, holder: 'south', freeInMs: 3_000, peer: 'south' };
  expect(passiveIsAsked(lease)).toBe(false);
  expect(passiveIsAsked({ ...lease, freeInMs: 0 })).toBe(true);
  expect(passiveIsAsked({ ...lease, freeInMs: null })).toBe(true);
  expect(passiveIsAsked({ ...lease, holder: null })).toBe(true);
  expect(passiveIsAsked({ ...lease, held: true, holder: 'north' })).toBe(true);
});
