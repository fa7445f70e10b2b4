import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../electron/host/install/preflight.ts';
import type { WantedServer } from '../../../electron/host/install/wanted-server.ts';
import { haproxyLines } from '../../../electron/host/install/wanted-files.ts';
import { haproxyConfig } from '../../../shared/balancer/haproxy-config.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import {
  freshFacts,
  installedFacts,
  sampleSite,
  sampleTime,
  sampleWanted,
} from '../host/install/install-samples.ts';

/** Goal: a configuration of ours that somebody has changed is seen. Method: the balancer of an installed site. */
const balancer = sampleWanted('lb');
const installed = installedFacts(balancer);
const { balancerLines: _lines, ...withoutLines } = balancer;
const verdicts = (facts: ServerFacts, wanted: WantedServer = balancer) =>
  checksOf(facts, wanted, sampleTime)
    .filter(({ id }) => id === 'balancer-file')
    .map(({ verdict, refusal }) => [verdict, refusal]);

describe('the configuration of a HAProxy that the installer has set up', () => {
  it('is what the site asks for, or is told as another one and keeps no installation away', () => {
    expect(verdicts(installed)).toEqual([['ok', null]]);
    const haproxy = { ...installed.haproxy, sha256: '0'.repeat(64) };
    expect(verdicts({ ...installed, haproxy })).toEqual([['warning', null]]);
  });

  it('is the same by the lines that a server reads, whatever its comments say', () => {
    const read = (text: string) =>
      execFileSync('sh', ['-c', "grep -v '^#' | sha256sum"], { input: text, encoding: 'utf8' });
    const site = sampleSite();
    expect(read(haproxyConfig(site)).slice(0, 64)).toBe(haproxyLines(site));
    expect(haproxyLines({ ...site, version: site.version + 1 })).toBe(haproxyLines(site));
  });

  it('is not looked for where none of ours is, nor where it is not said what it shall be', () => {
    expect(verdicts(freshFacts(balancer))).toEqual([]);
    expect(verdicts(installed, withoutLines)).toEqual([]);
  });
});
