import { setTimeout as pause } from 'node:timers/promises';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { OperationRecord } from '../../shared/agent-api/operation-record.ts';
import { productError } from '../../shared/errors.ts';
import { joinOperations, type OperationReport } from '../../shared/operations/join-operations.ts';
import { fetchStatus } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import type { Target } from './targets.ts';

const waitLimitMs = 180_000;
const lookEveryMs = 100;

/** What was last heard of one member, and when. */
interface Heard {
  readonly snapshot: MemberSnapshot;
  readonly at: number;
}

/**
 * Follows a change on both members until it has ended: the one that gives its role up is finished long
 * before the other one works. Prints each finished step once. Answers the exit code: done 0, rolled back or
 * failed 1; 3 when the end was not seen, which is never told as a failure.
 */
export async function followChange(call: CliCall, operation: string): Promise<number> {
  const { targets, options, print } = call;
  const heard = new Map<Target, Heard>();
  const told = new Set<string>();
  const until = performance.now() + waitLimitMs;
  let last: OperationRecord | undefined;
  while (performance.now() < until) {
    const reports = await lookAtAll(targets, heard);
    last = joinOperations(reports).find(({ id }) => id === operation) ?? last;
    if (last !== undefined && !options.json) tellNews(last, told, print);
    if (last !== undefined && last.state !== 'running' && last.state !== 'unknown') {
      return finish(last, options.json, print);
    }
    await pause(lookEveryMs);
  }
  return tellUnknown(call, operation, last);
}

async function lookAtAll(targets: readonly Target[], heard: Map<Target, Heard>): Promise<OperationReport[]> {
  const seen = await Promise.all(
    targets.map(async (target) => {
      const status = await fetchStatus(target);
      if (status.ok) heard.set(target, { snapshot: status.value, at: performance.now() });
      return { target, connected: status.ok };
    }),
  );
  const reports = seen.map(({ target, connected }) => reportOf(target, connected, heard.get(target)));
  return [...reports, ...seenByPeers(reports, [...heard.values()])];
}

function reportOf(target: Target, connected: boolean, heard: Heard | undefined): OperationReport {
  return {
    server: target.server,
    serverName: target.server,
    connected,
    active: heard?.snapshot.role.observed === 'active',
    heardMs: heard === undefined ? null : performance.now() - heard.at,
    operation: heard?.snapshot.operation ?? null,
  };
}

/** On a server only its own agent may be asked; what that one hears of its peer stands for the peer then. */
function seenByPeers(reports: readonly OperationReport[], heard: readonly Heard[]): OperationReport[] {
  return heard
    .map(({ snapshot }) => snapshot.peer)
    .filter(({ server }) => !reports.some((one) => one.server === server))
    .map(({ server, reachable, role, answeredMs }) => ({
      server,
      serverName: server,
      connected: reachable,
      active: reachable && role === 'active',
      heardMs: answeredMs,
      operation: null,
    }));
}

function tellNews(record: OperationRecord, told: Set<string>, print: (text: string) => void): void {
  for (const step of record.steps) {
    const key = `${step.server} ${step.id}`;
    if (step.state !== 'done' || told.has(key)) continue;
    told.add(key);
    print(`  ${step.server.padEnd(14)} ${step.title}: ${step.evidence} (${step.tookMs ?? 0} ms)`);
  }
  if (record.state !== 'unknown' || told.has(record.sentence)) return;
  told.add(record.sentence);
  print(`unknown: ${record.sentence}`);
}

function finish(record: OperationRecord, json: boolean, print: (text: string) => void): number {
  print(json ? JSON.stringify({ operation: record }) : `${record.state}: ${record.sentence}`);
  return record.state === 'done' ? exitCodes.done : exitCodes.attention;
}

function tellUnknown(call: CliCall, operation: string, last: OperationRecord | undefined): number {
  const steps = (last?.steps ?? []).map((step) => `${step.server} ${step.title}: ${step.state}`);
  const said = `The change ${operation} has not been seen to end within ${waitLimitMs / 1000} s; its outcome is not known here.`;
  report(productError('server.timeout', said, steps), call.options.json);
  return exitCodes.unreachable;
}
