import { describe, expect, test } from 'vitest';
import { returnCourse, returnDifferences } from '../../../shared/fleet/return-differences.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';

/** Goal: a returned member is told apart from the other one by what both tell, and by nothing else. Method: pictured sites. */
function pair(fixture: 'healthy' | 'forced-out' = 'healthy') {
  const [north, south] = clusterOf(fixtures[fixture](), 'WK1').members;
  return {
    own: { name: 'ig-south', snapshot: south!.snapshot! },
    other: { name: 'ig-north', snapshot: north!.snapshot! },
  };
}
const states = (rows: ReturnType<typeof returnDifferences>) =>
  Object.fromEntries(rows.map(({ what, state }) => [what, state]));

describe('what differs', () => {
  test('nothing differs between two members that are well', () => {
    const { own, other } = pair();
    expect(Object.values(states(returnDifferences(own, other)))).not.toContain('differs');
  });

  test('two ways of one machine to the same lease store are no other setting, another server is', () => {
    const { own, other } = pair();
    const difference = (mine: string, theirs: string) => {
      own.snapshot.store.place = mine;
      other.snapshot.store.place = theirs;
      return states(returnDifferences(own, other))['Configuration'];
    };
    expect(difference('the witness on w (127.0.0.1:4001)', 'the witness on w (127.0.0.1:4002)')).toBe('fine');
    expect(difference('the witness on v (127.0.0.1:4001)', 'the witness on w (127.0.0.1:4001)')).toBe(
      'differs',
    );
    expect(difference('the witness on w (192.0.2.1:7660)', 'the witness on w (192.0.2.2:7660)')).toBe(
      'differs',
    );
  });

  test('each thing is found by itself, and says what it means', () => {
    const { own, other } = pair();
    own.snapshot.siteVersion = 3;
    other.snapshot.siteVersion = 4;
    own.snapshot.productVersion = '0.0.9';
    own.snapshot.lease.epoch = other.snapshot.lease.epoch - 2;
    own.snapshot.storage.generation = { value: 40, source: 'generation file', ageMs: 10 };
    own.snapshot.engine.process = { value: 'running', source: 'service manager', ageMs: 10 };
    own.snapshot.certificateEndsInMs = 86_400_000;
    other.snapshot.certificateEndsInMs = 90 * 86_400_000;
    const rows = returnDifferences(own, other);
    expect(states(rows)).toMatchObject({
      ...{ Configuration: 'differs', Agent: 'differs', Epoch: 'differs', Storage: 'differs' },
      ...{ Engine: 'differs', Certificate: 'differs' },
    });
    for (const { state, means } of rows) if (state === 'differs') expect(means).not.toBe('');
  });

  test('what a silent member does not tell is not known, never fine', () => {
    const { own, other } = pair();
    const rows = returnDifferences({ ...own, snapshot: null }, other);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['not-known']));
    expect(returnCourse({ ...own, snapshot: null }, other)[0]).toContain('does not answer');
  });
});

describe('what happens now', () => {
  test('a fit Passive takes part again', () => {
    const { own, other } = pair();
    expect(returnCourse(own, other).at(-1)).toContain('could take over now');
  });

  test('one with blockers tells each with its remedy', () => {
    const { own, other } = pair();
    own.snapshot.blockers = [{ code: 'guards', reason: '1 of 2 guards beat.', remedy: 'Start the guards.' }];
    expect(returnCourse(own, other)).toContain('First: 1 of 2 guards beat. Start the guards.');
  });

  test('one that was forced out waits for a person', () => {
    const members = clusterOf(fixtures['forced-out'](), 'WK1').members;
    const out = members.find(({ snapshot }) => snapshot?.forced?.readmission != null)!;
    const rest = members.find((member) => member !== out)!;
    const course = returnCourse(
      { name: out.server, snapshot: out.snapshot },
      { name: rest.server, snapshot: rest.snapshot },
    );
    expect(course.join(' ')).toContain('Until a person re-admits it');
  });
});
