import { describe, expect, it } from 'vitest';
import { lastingOutsiders, outsiders, type Occupancy } from '../../../shared/role/occupancy.ts';

const seen = (more: Partial<Occupancy> = {}): Occupancy => ({
  ports: [{ name: 'ADT', port: 6661, listening: true, holders: [7] }],
  journalWriters: [7],
  unit: [7, 8],
  ...more,
});

describe('an engine outside its unit', () => {
  it('is none when everything is held by the unit', () => {
    expect(outsiders(seen(), true)).toEqual([]);
  });

  it('is seen by its listener and by its open journal', () => {
    expect(outsiders(seen({ unit: [] }), true)).toEqual([
      { pid: 7, sentence: 'process 7 listens on port 6661 of ADT' },
      { pid: 7, sentence: 'process 7 has the journal of the engine open for writing' },
    ]);
  });

  it('is not concluded while the processes of the unit are not known', () => {
    expect(outsiders(seen({ unit: null }), true)).toEqual([]);
  });

  it('is not concluded from a port whose holder cannot be seen', () => {
    const ports = [{ name: 'ADT', port: 6661, listening: true, holders: [] }];
    expect(outsiders(seen({ ports, journalWriters: [], unit: [] }), true)).toEqual([]);
  });

  it('is not the engine of another server that shares the kernel', () => {
    expect(outsiders(seen({ ports: [], unit: [] }), false)).toEqual([]);
  });

  it('must be seen twice in a row', () => {
    const found = outsiders(seen({ unit: [] }), true);
    expect(lastingOutsiders([], found)).toEqual([]);
    expect(lastingOutsiders(found, found)).toEqual(found);
    expect(lastingOutsiders(found, [])).toEqual([]);
  });
});
