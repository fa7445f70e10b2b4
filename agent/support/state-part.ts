import { join } from 'node:path';
import { nodeFiles, type Files } from '../durable/files.ts';
import { readDurable } from '../durable/durable-file.ts';
import { MemberMemory } from '../member/member-memory.ts';
import { StoreRecordSchema } from '../../shared/lease/store-record-schema.ts';
import { allowValue } from '../../shared/support/allowed-text.ts';
import { jsonFile, type SupportFile } from '../../shared/support/support-material.ts';
import type { MemberConfig, WitnessConfig } from '../../shared/site/member-config.ts';
import { whyNot, type SupportScene } from './support-scene.ts';

/** What the state files of one member mean: what it remembers durably, and what it and its guards do now. */
export function memberStatePart(scene: SupportScene, { cluster, paths }: MemberConfig): SupportFile[] {
  const meaning = {
    bootMs: attemptRead(scene, '/proc/uptime', (text) => Math.round(Number(text.split(' ')[0]) * 1000)),
    memory: memoryMeaning(scene, paths.state),
    deadline: attemptRead(scene, join(paths.run, 'deadline'), numbersOf),
    beats: [1, 2].map((guard) => attemptRead(scene, join(paths.run, `beat-${guard}`), numbersOf)),
    kills: [1, 2].map((guard) =>
      attemptRead(scene, join(paths.run, `kill-${guard}`), (text) => allowValue(text.trim(), scene.allowed)),
    ),
    serving: attemptRead(scene, join(paths.run, 'serving'), numbersOf),
    files: [paths.state, paths.run].flatMap((folder) => listed(scene, folder)),
  };
  return [jsonFile(`${cluster}/state.json`, meaning)];
}

/** The lease records of the witness: epochs and holders, without what persons have said. */
export function witnessStatePart(scene: SupportScene, { clusters, paths }: WitnessConfig): SupportFile[] {
  const records = clusters.map(({ id }) => {
    const read = readDurable(join(paths.state, `lease-${id}.json`), readingFiles(scene));
    if (!read.ok) return { cluster: id, damaged: allowValue(said(read.error), scene.allowed) };
    const parsed = StoreRecordSchema.safeParse(read.value);
    if (!parsed.success) return { cluster: id, damaged: 'it has another form than expected' };
    const { storeId, cluster, epoch, holder, T, reservedFor, untouched, policy } = parsed.data;
    const forced = parsed.data.forced && { epoch: parsed.data.forced.epoch, at: parsed.data.forced.at };
    const blocked = policy !== undefined && policy.block !== null;
    const record = {
      storeId,
      cluster,
      epoch,
      holder,
      T,
      reservedFor,
      untouched,
      forced: forced ?? null,
      blocked,
    };
    return allowValue(record, scene.allowed);
  });
  return [jsonFile('witness/state.json', { records, files: listed(scene, paths.state) })];
}

function memoryMeaning(scene: SupportScene, folder: string): unknown {
  const read = readDurable(join(folder, 'member.json'), readingFiles(scene));
  if (!read.ok) return { [read.error.kind]: allowValue(said(read.error), scene.allowed) };
  const parsed = MemberMemory.safeParse(read.value);
  if (!parsed.success) return { damaged: 'it has another form than expected' };
  const { operation, forced, expelled, maintenance, machineId, ...rest } = parsed.data;
  const machine = attemptRead(scene, '/etc/machine-id', (text) => text.trim());
  const meaning = {
    ...rest,
    operation: operation && {
      id: operation.id,
      kind: operation.kind,
      to: operation.to,
      epoch: operation.epoch,
    },
    forced: forced
      ? { epoch: forced.epoch, from: forced.from, at: forced.at, statement: forced.statement }
      : null,
    expelledUnder: expelled?.epoch ?? null,
    inMaintenance: maintenance !== undefined && maintenance !== null,
    writtenByThisMachine: machineId === undefined ? null : machineId === machine,
  };
  return allowValue(meaning, scene.allowed);
}

function said(failure: { readonly kind: string; readonly why?: string }): string {
  return failure.why ?? failure.kind;
}

/** `EPOCH DEADLINE` and its like: digits and nothing else. */
function numbersOf(text: string): number[] {
  return (text.match(/^[\d ]{1,60}/)?.[0] ?? '').split(' ').filter(Boolean).map(Number);
}

function attemptRead<Value>(
  scene: SupportScene,
  path: string,
  meaning: (text: string) => Value,
): Value | { notRead: string } {
  try {
    return meaning(scene.read(path));
  } catch (error) {
    return { notRead: whyNot(error) };
  }
}

/** Names, modes and sizes of the files of a folder, none of them opened. */
function listed(scene: SupportScene, folder: string): string[] {
  try {
    return scene
      .list(folder)
      .slice(0, 100)
      .map((name) => `${scene.describe(join(folder, name))} ${allowName(name, scene)}`);
  } catch (error) {
    return [whyNot(error)];
  }
}

function allowName(name: string, scene: SupportScene): string {
  return /^\d{10}\.jsonl$/.test(name) ? name : String(allowValue(name, scene.allowed));
}

/** Durable files are read through the collection's own reader; nothing is written by it. */
function readingFiles(scene: SupportScene): Files {
  const exists = (path: string) => {
    try {
      scene.describe(path);
      return true;
    } catch {
      return false;
    }
  };
  return { ...nodeFiles, read: (path) => scene.read(path), exists };
}
