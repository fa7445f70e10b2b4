import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { OperationRecord } from '../../shared/agent-api/operation-record.ts';
import { sampleMember, sampleOperation, sampleStep } from '../unit/host/samples.ts';
import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import { failbackJournal } from '../unit/history/journals.ts';
import { startFakeSite, type FakeSite } from './browser-shell-site.ts';
import { node, root, until } from './demo-harness.ts';

/**
 * Goal: `ixha switchover` tells the steps of both members until the change has ended, with its exit code.
 * Method: fake agents whose words are changed while the command runs as a process of its own.
 */
let site: FakeSite;
beforeEach(async () => (site = await startFakeSite()));
afterEach(() => site.stop());

const stopped = sampleStep('stop', 'north', 'done');
const taken = sampleStep('acquire', 'south', 'done');

/** What a member says when it is asked for its status. */
function say(server: 'north' | 'south', role: 'active' | 'passive', operation: OperationRecord | null) {
  const snapshot: MemberSnapshot = { ...sampleMember({ cluster: 'WK1', server, role }), operation };
  site.agents[`WK1/${server}`].answer = (request) =>
    request.method === 'POST'
      ? { status: 202, json: { accepted: true, operation: 'operation-1' } }
      : { status: 200, json: snapshot };
}

function run(...args: string[]) {
  const child = spawn(node, [join(root, 'agent/commands.ts'), ...args, '--profile', site.profileDirectory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running = { text: '', ended: undefined as number | undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (running.text += chunk.toString('utf8')));
  }
  child.on('close', (code) => (running.ended = code ?? -1));
  return running;
}

describe('a replacement of the lease store asked for on the command line', () => {
  it('is asked of the member that sees the store lost, whichever answers first', async () => {
    const asked: string[] = [];
    for (const [server, standing] of [
      ['north', 'working'],
      ['south', 'behind'],
    ] as const) {
      const snapshot = sampleMember({ cluster: 'WK1', server, role: 'passive' });
      site.agents[`WK1/${server}`].answer = (request) => {
        if (request.method === 'POST') asked.push(server);
        return request.method === 'POST'
          ? { status: 202, json: { accepted: true, operation: 'store-1' } }
          : { status: 200, json: { ...snapshot, replacement: { standing, blockers: [] } } };
      };
    }
    const running = run('replace-store', 'WK1', '--reason', 'it knows too little');
    await until('the command has ended', () => running.ended !== undefined, 20_000);
    expect([running.ended, asked]).toEqual([0, ['south']]);
    expect(running.text).toContain(
      'Both members of WK1 belong to the lease store that answers now (store-1)',
    );
  });
});

describe('the plan of a change on the command line', () => {
  const days = 24 * 60 * 60_000;
  const servers = { 'ig-north': 'north', 'ig-south': 'south' } as const;
  const named = (text: string) => text.replaceAll('ig-north', 'north').replaceAll('ig-south', 'south');

  /** Members with the journal of a failback half a year ago; what is asked of them beside that is noted. */
  function members(blockers: MemberSnapshot['blockers'] = []) {
    const asked: string[] = [];
    const past = failbackJournal().map((record) => ({
      ...(JSON.parse(named(JSON.stringify(record))) as JournalRecord),
      wallTime: new Date(Date.parse(record.wallTime) - 180 * days).toISOString(),
    }));
    for (const server of Object.values(servers)) {
      const role = server === 'south' ? 'active' : 'passive';
      const snapshot = sampleMember({ cluster: 'WK1', server, role });
      const records = past.filter((record) => record.server === server);
      site.agents[`WK1/${server}`].answer = (request) => {
        if (request.method === 'POST') asked.push(server);
        const { url = '' } = request;
        return url.startsWith('/v1/journal')
          ? { status: 200, json: { records, next: 1, chainBroken: false } }
          : { status: 200, json: { ...snapshot, blockers: role === 'passive' ? blockers : [] } };
      };
    }
    return asked;
  }

  it('tells steps, what they usually take and the expected time, and asks for nothing', async () => {
    const asked = members();
    const running = run('switchover', 'WK1', '--plan');
    await until('the plan', () => running.ended !== undefined, 20_000);
    expect(running.text).toContain('WK1 would move to north: nothing stands in its way.');
    expect(running.text).toMatch(/^\| +\d+\. .+ on south: usually 940 ms$/m);
    expect(running.text).toMatch(/^\| +\d+\. .+ on north: usually 2\.7 s$/m);
    expect(running.text).toMatch(/^Without an Active for 5\.8 – 6\.3 s expected\.$/m);
    expect(running.text).toContain('the last planned move on that server, from 2025-09-15 on.');
    expect([running.ended, asked]).toEqual([0, []]);
  });

  it('ends with 1 and names what stands in its way', async () => {
    const asked = members([{ code: 'guards', reason: '1 of 2 guards beat.', remedy: 'Start the guards.' }]);
    const running = run('switchover', 'WK1', '--plan');
    await until('the plan', () => running.ended !== undefined, 20_000);
    expect(running.text).toContain('blocker: north: 1 of 2 guards beat. Start the guards.');
    expect([running.ended, asked]).toEqual([1, []]);
  });

  it('is refused for what cannot be planned, instead of being done', async () => {
    const asked = members();
    const running = run('maintenance', 'WK1', '--plan', '--minutes', '5', '--reason', 'a test');
    await until('the refusal', () => running.ended !== undefined, 20_000);
    expect(running.text).toContain('--plan is for switchover');
    expect([running.ended, asked]).toEqual([2, []]);
  });
});

describe('a change asked for on the command line', () => {
  it('is not over when the source has let go, but when the target is Active', async () => {
    say('south', 'passive', null);
    const released = sampleOperation({ state: 'done', sentence: 'ig-north has let go', steps: [stopped] });
    // The source is Active until it is asked, and has let go with its next word.
    site.agents['WK1/north'].answer = (request) => {
      if (request.method === 'POST') {
        say('north', 'passive', released);
        return { status: 202, json: { accepted: true, operation: 'operation-1' } };
      }
      return { status: 200, json: sampleMember({ cluster: 'WK1', server: 'north', role: 'active' }) };
    };
    const running = run('switchover', 'WK1');
    await until('the step of the source', () => /north +.*stop/i.test(running.text), 20_000);
    expect(running.ended).toBeUndefined();
    say(
      'south',
      'active',
      sampleOperation({ state: 'done', sentence: 'ig-south is Active', steps: [taken] }),
    );
    await until('the end', () => running.ended !== undefined, 20_000);
    expect(running.text).toMatch(/south +.*acquire/i);
    expect(running.text).toContain('done: ig-south is Active');
    expect(running.ended).toBe(0);
  });

  it.each([
    ['rolled-back', 'ig-north is Active again'],
    ['failed', 'ig-south could not start its engine'],
  ] as const)('ends with 1 when it was %s', async (state, sentence) => {
    say('north', 'active', sampleOperation({ state: 'done', steps: [stopped] }));
    say('south', 'passive', sampleOperation({ state, sentence }));
    const running = run('switchover', 'WK1');
    await until('the end', () => running.ended !== undefined, 20_000);
    expect([running.ended, running.text]).toEqual([1, expect.stringContaining(`${state}: ${sentence}`)]);
  });

  it('says that the outcome is unknown while the target is silent, and goes on to watch', async () => {
    say('north', 'active', sampleOperation({ steps: [stopped, sampleStep('acquire', 'south', 'pending')] }));
    const { port } = site.agents['WK1/south'];
    await site.agents['WK1/south'].stop();
    const running = run('handover', 'WK1');
    await until('the doubt', () => running.text.includes('unknown: '), 20_000);
    expect(running.ended).toBeUndefined();
    await site.replace('WK1/south', { kind: 'member', site: 'test-site', cluster: 'WK1', server: 'south' });
    expect(site.agents['WK1/south'].port).toBe(port);
    say('north', 'passive', sampleOperation({ state: 'done', steps: [stopped] }));
    say('south', 'active', sampleOperation({ state: 'done', sentence: 'ig-south is Active' }));
    await until('the end', () => running.ended !== undefined, 20_000);
    expect([running.ended, running.text]).toEqual([0, expect.stringContaining('done: ig-south is Active')]);
  });

  it('names what everybody is when there is no Active to ask, and ends with 3', async () => {
    say('north', 'passive', null);
    say('south', 'passive', null);
    const running = run('switchover', 'WK1');
    await until('the end', () => running.ended !== undefined, 20_000);
    expect(running.ended).toBe(3);
    expect(running.text).toContain('[command.not-active]');
    expect(running.text).toContain('north is passive');
  });

  it('is one JSON object for scripts, with the steps of both', async () => {
    say('north', 'active', sampleOperation({ state: 'done', steps: [stopped] }));
    say('south', 'active', sampleOperation({ state: 'done', steps: [taken] }));
    const running = run('switchover', 'WK1', '--json');
    await until('the end', () => running.ended !== undefined, 20_000);
    const { operation } = JSON.parse(running.text) as { operation: OperationRecord };
    expect(operation.steps.map(({ server }) => server)).toEqual(['north', 'south']);
  });
});
