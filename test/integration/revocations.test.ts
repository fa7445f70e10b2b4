import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../agent/tls/credentials.ts';
import { signText } from '../../electron/host/authority/signed-words.ts';
import { beginOfThoseFrom, createSiteAuthority } from '../../electron/host/authority/site-authority.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { RevocationAnswer } from '../../shared/agent-api/revocation-frames.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { identityUri, type Identity } from '../../shared/site/identity.ts';
import { revocationBody, revocationsKind, type Revocation } from '../../shared/site/revocation-list.ts';
import {
  callAgent,
  consoleIdentity,
  northIdentity,
  openAgentBench,
  openSocket,
  southIdentity,
  witnessIdentity,
  type AgentBench,
} from './agent-bench.ts';
import { until } from './demo-harness.ts';

/**
 * Goal: what the site has revoked is refused by every program, also while it is connected, and for good. Method: a real
 * member and a real lease store with real TLS; lists are signed by the bench's authority and handed over as a console
 * does.
 */
let bench: AgentBench;
let running: Map<string, { close(): Promise<void> }>;
beforeEach(async () => {
  bench = await openAgentBench();
  running = new Map([
    ['witness', await bench.startWitness()],
    ['member', await bench.startMember()],
  ]);
});
afterEach(() => bench.close());

const parts = {
  member: {
    identity: northIdentity,
    port: () => bench.member.listen.apiPort,
    state: () => bench.member.paths.state,
  },
  witness: {
    identity: witnessIdentity,
    port: () => bench.witness.listen.port,
    state: () => bench.witness.paths.state,
  },
} as const;
type Part = keyof typeof parts;
const both: readonly Part[] = ['member', 'witness'];

const told = { at: '2026-01-01T00:00:00.000Z', by: 'desk', why: 'copied' };
function everyOf(identity: Identity): Revocation {
  return {
    kind: 'holder',
    holder: identityUri(identity),
    beginsBefore: beginOfThoseFrom(Date.now() + 2_000),
    ...told,
  };
}
function listText(
  number: number,
  revoked: readonly Revocation[],
  site = 'bench',
  authority = bench.authority,
): string {
  return signText(authority, revocationsKind, revocationBody({ site, number, revoked: [...revoked] }));
}

async function hand(part: Part, number: number, list?: string) {
  const admin = await bench.credentials(consoleIdentity('viewer'));
  const body = JSON.stringify(list === undefined ? { number } : { number, list });
  return callAgent(parts[part].port(), parts[part].identity, admin, 'POST', agentPaths.revocations, body);
}
/** Undefined while the program does not answer that, as when it was asked more often than it allows. */
async function numberAt(part: Part): Promise<number | undefined> {
  const { status: answered, body } = await hand(part, 0);
  if (answered !== 200) return undefined;
  return RevocationAnswer.parse(parseJson(body)).number;
}
const status = (part: Part, credentials: Credentials) =>
  callAgent(parts[part].port(), parts[part].identity, credentials, 'GET', agentPaths.status);

describe('a revoked certificate', () => {
  it.each(both)(
    'of a workstation is refused by the %s in the handshake; another of that role is not',
    async (part) => {
      const lost = await bench.credentials(consoleIdentity('operator'));
      expect((await status(part, lost)).status).toBe(200);
      expect((await hand(part, 1, listText(1, [everyOf(consoleIdentity('operator'))]))).status).toBe(200);
      await expect(status(part, lost)).rejects.toThrow();
      expect((await status(part, await bench.credentials(consoleIdentity('admin')))).status).toBe(200);
    },
  );

  it.each(both)('has its standing connection to the %s cut', async (part) => {
    const operator = await bench.credentials(consoleIdentity('operator'));
    const socket = await openSocket(parts[part].port(), agentPaths.stream, parts[part].identity, operator);
    const other = await openSocket(
      parts[part].port(),
      agentPaths.stream,
      parts[part].identity,
      await bench.credentials(consoleIdentity('admin')),
    );
    const cut = new Promise((resolve) => socket.once('close', resolve));
    await hand(part, 1, listText(1, [everyOf(consoleIdentity('operator'))]));
    await cut;
    expect(other.readyState).toBe(other.OPEN);
    other.close();
  });

  it('of a member ends its way to the lease store and to its peer, and a newer one of the same name is let in', async () => {
    const old = await bench.credentials(southIdentity);
    const lease = await openSocket(bench.witness.listen.port, agentPaths.lease, witnessIdentity, old);
    const cut = new Promise((resolve) => lease.once('close', resolve));
    const entry = everyOf(southIdentity);
    await hand('witness', 1, listText(1, [entry]));
    await cut;
    await expect(
      openSocket(bench.witness.listen.port, agentPaths.lease, witnessIdentity, old),
    ).rejects.toThrow();
    const untilValid = Date.parse((entry as { beginsBefore: string }).beginsBefore);
    await until(
      'a new certificate begins late enough',
      () => Date.now() - 24 * 3_600_000 > untilValid + 1_000,
      10_000,
    );
    const renewed = await bench.credentials(southIdentity);
    (await openSocket(bench.witness.listen.port, agentPaths.lease, witnessIdentity, renewed)).close();
  });

  it('is found by its serial number as well', async () => {
    const operator = await bench.credentials(consoleIdentity('operator'));
    const serial = new X509Certificate(operator.certificate).serialNumber;
    await hand('member', 1, listText(1, [{ kind: 'serial', serial, ...told }]));
    await expect(status('member', operator)).rejects.toThrow();
    expect((await status('member', await bench.credentials(consoleIdentity('operator')))).status).toBe(200);
  });
});

describe('the list', () => {
  it.each(both)('survives a restart of the %s', async (part) => {
    const operator = await bench.credentials(consoleIdentity('operator'));
    await hand(part, 1, listText(1, [everyOf(consoleIdentity('operator'))]));
    await running.get(part)!.close();
    await (part === 'member' ? bench.startMember() : bench.startWitness());
    expect(await numberAt(part)).toBe(1);
    await expect(status(part, operator)).rejects.toThrow();
  });

  it('reaches whoever was off, once it comes back, from the other one', async () => {
    await running.get('witness')!.close();
    await hand('member', 1, listText(1, [everyOf(consoleIdentity('operator'))]));
    await bench.startWitness();
    await until('the lease store has the list', async () => (await numberAt('witness')) === 1, 40_000);
  });

  it('reaches a member that starts after the lease store got it', async () => {
    await running.get('member')!.close();
    await hand('witness', 3, listText(3, [everyOf(consoleIdentity('operator'))]));
    await bench.startMember();
    await until('the member has the list', async () => (await numberAt('member')) === 3, 20_000);
  });

  it.each(both)(
    'is refused by the %s when it is damaged, foreign, older, or lacks what was revoked',
    async (part) => {
      const first = everyOf(consoleIdentity('operator'));
      await hand(part, 5, listText(5, [first]));
      const refusals: [string, string][] = [
        ['revocation.damaged', 'nonsense'],
        ['revocation.foreign', listText(6, [first]).replace('"number": 6', '"number": 7')],
        ['revocation.foreign', listText(6, [first], 'bench', await createSiteAuthority('bench'))],
        ['revocation.foreign', listText(6, [first], 'elsewhere')],
        ['revocation.older', listText(4, [first])],
        ['revocation.older', listText(6, [everyOf(southIdentity)])],
      ];
      for (const [code, text] of refusals) {
        const { status: answered, body } = await hand(part, 6, text);
        expect([code, answered, body]).toEqual([code, 409, expect.stringContaining(`"${code}"`) as string]);
      }
      expect(await numberAt(part)).toBe(5);
    },
  );

  it('that was damaged on the disk is told, and comes again from the other one', async () => {
    await hand('member', 1, listText(1, [everyOf(consoleIdentity('operator'))]));
    await until('the lease store has it', async () => (await numberAt('witness')) === 1, 20_000);
    await running.get('member')!.close();
    const file = join(parts.member.state(), 'revocations.json');
    expect(existsSync(file)).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replace('operator', 'xperator'));
    await bench.startMember();
    await until('the member has it again', async () => (await numberAt('member')) === 1, 20_000);
    const admin = await bench.credentials(consoleIdentity('admin'));
    const { port } = parts.member;
    const { body } = await callAgent(
      port(),
      northIdentity,
      admin,
      'GET',
      `${agentPaths.journal}?from=1&limit=200`,
    );
    expect(body).toContain('The revocation list kept here cannot be read');
  });

  it('is told by number in the snapshots', async () => {
    await hand('member', 1, listText(1, [everyOf(northIdentity)]));
    const admin = await bench.credentials(consoleIdentity('admin'));
    const { body } = await status('witness', admin);
    expect(parseJson(body)).toMatchObject({ revocations: expect.any(Number) as number });
  });
});
