import { expect, it } from 'vitest';
import { proveCluster } from '../../../../electron/host/install/arming.ts';
import { freshFacts, sampleWanted } from './install-samples.ts';
import { MemoryServer } from './memory-server.ts';

/** Goal: no engine is started on the folder below a storage that is not mounted. Method: the proof of a cluster at rest, with a storage that its agents mount. */
it.each([
  [undefined, false, 'engine'],
  ['share.mount', true, 'engine'],
  ['share.mount', false, 'stand-in'],
] as const)(
  'with the mount unit %s and mounted %s the kill is proven on the %s',
  async (mountUnit, isMount, on) => {
    const wanted = sampleWanted('north');
    const [first] = wanted.engines;
    const engine = { ...first!, storage: { ...first!.storage, ...(mountUnit && { mountUnit }) } };
    const facts = freshFacts(wanted);
    const { directory } = engine.storage;
    const shares = new Map([...facts.shares, [directory, { ...facts.shares.get(directory)!, isMount }]]);
    const connection = new MemoryServer('north', [engine.unit]);
    const work = { wanted, connection, facts: { ...facts, shares } };
    expect((await proveCluster([{ work, engine }], () => undefined)).ok).toBe(true);
    expect(connection.changes).toContain(`prove ${engine.unit} on ${on}`);
  },
);
