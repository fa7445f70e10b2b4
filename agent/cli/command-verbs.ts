import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OperationRecord } from '../../shared/agent-api/operation-record.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus, sendCommand } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import type { Target } from './targets.ts';

const waitLimitMs = 180_000;

/** `ixha switchover|handover CLUSTER`: asks the Active's agent and follows the change to its end. */
export async function commandVerb(call: CliCall, verb: 'switchover' | 'handover'): Promise<number> {
  const { targets, options, print } = call;
  if (options.cluster === undefined) {
    report(productError('request.invalid', `Name the cluster: ixha ${verb} CLUSTER.`), options.json);
    return exitCodes.usage;
  }
  const active = await findActive(targets);
  if (active === null) {
    report(
      productError('command.not-active', `No Active member of ${options.cluster} can be reached from here.`),
      options.json,
    );
    return exitCodes.unreachable;
  }
  const sent = await sendCommand(active.target, {
    verb,
    cluster: options.cluster,
    target: options.to ?? null,
    epoch: active.snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
  });
  if (!sent.ok) {
    report(sent.error, options.json);
    return exitCodes.unreachable;
  }
  if (!sent.value.accepted) {
    report(sent.value.error, options.json);
    return exitCodes.attention;
  }
  if (!options.wait) {
    print(options.json ? JSON.stringify(sent.value) : `accepted as ${sent.value.operation}`);
    return exitCodes.done;
  }
  return follow(call, active.target, sent.value.operation);
}

async function findActive(
  targets: readonly Target[],
): Promise<{ target: Target; snapshot: MemberSnapshot } | null> {
  const seen = await Promise.all(
    targets.map(async (target) => ({ target, status: await fetchStatus(target) })),
  );
  for (const { target, status } of seen) {
    if (status.ok && status.value.lease.state === 'held') return { target, snapshot: status.value };
  }
  return null;
}

async function follow({ options, print }: CliCall, source: Target, operation: string): Promise<number> {
  const told = new Set<string>();
  const until = performance.now() + waitLimitMs;
  while (performance.now() < until) {
    const status = await fetchStatus(source);
    const record = status.ok ? status.value.operation : null;
    if (record?.id === operation) {
      if (!options.json) tellSteps(record, told, print);
      if (record.state !== 'running') return finish(record, options.json, print);
    }
    await pause(100);
  }
  report(
    productError(
      'server.timeout',
      `The ${operation} has not ended within ${waitLimitMs / 1000} s; its outcome is not known here.`,
    ),
    options.json,
  );
  return exitCodes.unreachable;
}

function tellSteps(record: OperationRecord, told: Set<string>, print: (text: string) => void): void {
  for (const step of record.steps) {
    if (step.state !== 'done' || told.has(step.id)) continue;
    told.add(step.id);
    print(`  ${step.server.padEnd(14)} ${step.title}: ${step.evidence} (${step.tookMs ?? 0} ms)`);
  }
}

function finish(record: OperationRecord, json: boolean, print: (text: string) => void): number {
  print(json ? JSON.stringify({ operation: record }) : `${record.state}: ${record.sentence}`);
  return record.state === 'done' ? exitCodes.done : exitCodes.attention;
}
