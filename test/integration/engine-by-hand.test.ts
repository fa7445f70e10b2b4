import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBootClock } from '../../agent/boot-clock.ts';
import { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { callAgent, consoleIdentity, northIdentity, openAgentBench, type AgentBench } from './agent-bench.ts';
import { createBench, until, type Bench } from './demo-harness.ts';

/**
 * Goal: an engine that somebody has started outside its unit is CONFLICT, and nobody takes over beside it.
 * Method: a real witness and member whose guards seem to beat; a stand-in engine started by hand on the member's ports.
 */
let bench: AgentBench;
let hand: Bench;
let beats: NodeJS.Timeout;
const clock = openBootClock();
beforeEach(async () => {
  bench = await openAgentBench();
  mkdirSync(bench.member.paths.run, { recursive: true });
  hand = createBench();
  beats = setInterval(() => {
    for (const guard of [1, 2]) {
      writeFileSync(join(bench.member.paths.run, `beat-${guard}`), `${Math.round(clock.bootMs())}\n`);
    }
  }, 100);
});
afterEach(async () => {
  clearInterval(beats);
  hand.clean();
  await bench.close();
});

function startByHand() {
  const { apiPort, workingDirectory, listeners } = bench.member.engine;
  writeFileSync(join(workingDirectory, '.ixha/generation'), '0 nobody\n');
  return hand.program('electron/demo/engine/main.ts', {
    name: 'WK1',
    server: 'north',
    apiPort,
    apiUser: 'ha',
    apiPasswordFile: join(bench.folder, 'password'),
    workingDirectory,
    listeners: [{ name: 'ADT', port: listeners['ADT'], destination: { address: '127.0.0.1', port: 1 } }],
    autostart: ['ADT'],
  });
}
async function get(path: string): Promise<unknown> {
  const credentials = await bench.credentials(consoleIdentity('viewer'));
  const answer = await callAgent(bench.member.listen.apiPort, northIdentity, credentials, 'GET', path);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body);
}
/** At a pace that the agent allows one caller. */
async function status(): Promise<MemberSnapshot> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return (await get('/v1/status')) as MemberSnapshot;
}

test('an engine started outside its unit is a conflict, and the lease is not taken while it runs', async () => {
  const engine = startByHand();
  const { apiPort } = bench.member.engine;
  await until('the engine answers', () =>
    fetch(`http://127.0.0.1:${apiPort}/health`).then(
      () => true,
      () => false,
    ),
  );
  await bench.startWitness();
  await bench.startMember();
  const free = await until(
    'the lease is free, and it says why it does not take it',
    async () => {
      const told = await status();
      return told.lease.state === 'free' && told.decision.ruleId === 'R55' && told;
    },
    40_000,
  );
  expect([free.decision.ruleId, free.decision.verdict]).toEqual(['R55', 'ask-admin']);
  expect(free.decision.reason).toContain(
    `CONFLICT: an engine runs here outside its service: process ${engine.pid}`,
  );
  expect(free.evidence?.role).toMatchObject({ role: 'conflict', confidence: 'high' });
  expect(free.blockers.map(({ code }) => code)).toContain('engine-outside');
  const report = EvidenceReport.parse(await get('/v1/evidence'));
  expect(report.role.signals.find(({ name }) => name === 'outsider')?.says).toBe('active');
  expect((await status()).lease.epoch).toBe(0);
  engine.kill('SIGKILL');
  await until('it takes over once the engine is gone', async () => (await status()).lease.epoch > 0, 40_000);
}, 120_000);
