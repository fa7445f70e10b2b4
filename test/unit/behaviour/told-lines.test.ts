import { describe, expect, it } from 'vitest';
import { siteBehaviour, type SiteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { faultOf } from '../../../shared/behaviour/faults.ts';
import { acceptanceLines, behaviourLines } from '../../../shared/behaviour/told-lines.ts';
import { siteDocument } from '../../screens/site-document-fixture.ts';

const behaviour = siteBehaviour(siteDocument());
const withEtcd = { ...behaviour, leaseStore: 'etcd' } as const;
const fault = (id: string) => faultOf(id)!;

describe('the failover behaviour at a terminal', () => {
  it('has one line for each fault of each cluster', () => {
    const lines = behaviourLines(behaviour, null).filter((line) => /^ +\d+ /.test(line));
    expect(lines).toHaveLength(behaviour.clusters.length * 60);
    expect(lines[0]).toMatch(/loses power or crashes: fails over, without an Active at least 13\.4 to /);
  });

  it('tells one fault with its time line, rules, and what the other cluster does', () => {
    const text = behaviourLines(behaviour, fault('power')).join('\n');
    expect(text).toMatch(/13\.4–15\.4 s {2}Decided +ig-south: ig-south takes over: .* \[R64 lease-free\]/);
    expect(text).toContain('WK2: Active on the other server, and stays there.');
  });

  it('calls the lease store by its kind', () => {
    expect(behaviourLines(behaviour, fault('store-down')).join('\n')).toContain('The lease store is down');
    expect(behaviourLines(withEtcd, fault('store-down')).join('\n')).toContain('The etcd has no majority');
  });

  it('says which fault another kind of storage has', () => {
    expect(behaviourLines(behaviour, fault('copy-old')).join('\n')).toContain(
      'comes only to clusters with copied storage.',
    );
  });

  it('says that a site is only observed, and what the times count in the worst case only', () => {
    const [first, ...rest] = behaviour.clusters;
    const observed: SiteBehaviour = {
      ...behaviour,
      mode: 'observe',
      clusters: [{ ...first!, cutSeconds: 3, mountSeconds: 10 }, ...rest],
    };
    const text = behaviourLines(observed, fault('power')).join('\n');
    expect(text).toContain('This site is only observed');
    expect(text).toContain('A takeover waits up to 3 s for the program that cuts storage off and up to 10 s');
    expect(text).toContain('Only observed, nothing is done. No engine runs until a person starts one.');
    expect(text).not.toContain('It serves');
  });

  it('says who has accepted it, and what has changed since', () => {
    const accepted = {
      schema: 1,
      owner: 'Dr. Berg',
      note: '',
      by: 'anna',
      at: '2026-09-04T08:15:00.000Z',
    } as const;
    expect(acceptanceLines(behaviour, null)).toEqual(['Nobody has accepted this behaviour yet.']);
    expect(acceptanceLines(withEtcd, { ...accepted, basis: behaviour })).toEqual([
      'Accepted by Dr. Berg at 2026-09-04T08:15:00.000Z, written down by anna.',
      'Changed since:',
      '  The lease store was witness, and is etcd.',
    ]);
  });
});
