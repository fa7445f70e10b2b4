import { describe, expect, it } from 'vitest';
import {
  keptBack,
  permittedDeadline,
  permittedDevices,
  permittedStore,
} from '../../../agent/member/permitted.ts';
import type { MemberDevices } from '../../../agent/member/member-ground.ts';
import { succeed } from '../../../shared/result.ts';

const acts = [
  'start',
  'stop',
  'kill',
  'restartGuard',
  'switchComponents',
  'prove',
  'raiseGeneration',
  'putLedger',
];
const looks = ['observe', 'processes', 'life', 'look', 'read', 'verdict'];

function devices() {
  const called: string[] = [];
  const port = (names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, () => (called.push(name), Promise.resolve(succeed(name)))]),
    );
  const made = {
    service: port(['observe', 'start', 'stop', 'kill', 'restartGuard', 'processes', 'life']),
    engine: port(['look', 'switchComponents']),
    storage: port(['read', 'prove', 'raiseGeneration', 'verdict', 'putLedger']),
    copyScript: {},
  } as unknown as MemberDevices;
  return { called, made };
}

/** Calls everything that these devices have. */
async function callAll(permitted: MemberDevices): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  for (const port of [permitted.service, permitted.engine, permitted.storage]) {
    for (const [name, call] of Object.entries(port) as [string, () => Promise<unknown>][]) {
      answers.set(name, await call());
    }
  }
  return answers;
}

describe('what a member may do that is not armed', () => {
  it('observing it reaches nothing that acts, and every look', async () => {
    const { called, made } = devices();
    const answers = await callAll(permittedDevices('observe', made));
    expect(called.sort()).toEqual([...looks].sort());
    for (const name of acts) expect(answers.get(name), name).toEqual({ ok: false, error: keptBack.observe });
    expect(permittedDevices('observe', made)).not.toHaveProperty('copyScript');
  });

  it('taking an engine over it reaches the storage, but neither starts nor stops anything', async () => {
    const { called, made } = devices();
    await callAll(permittedDevices('arming', made));
    expect(called).toEqual(expect.arrayContaining(['prove', 'raiseGeneration']));
    for (const name of ['start', 'stop', 'kill', 'restartGuard', 'switchComponents'])
      expect(called).not.toContain(name);
  });

  it('armed it reaches everything', async () => {
    const { called, made } = devices();
    await callAll(permittedDevices(undefined, made));
    expect(called.sort()).toEqual([...acts, ...looks].sort());
  });

  it('observing it asks the lease store for nothing, and has no deadline', () => {
    const sent: string[] = [];
    const link = {
      send: ({ op }: { op: string }) => sent.push(op) > 0,
      trouble: () => null,
      close: () => undefined,
    } as unknown as Parameters<typeof permittedStore>[1];
    const only = permittedStore('observe', link);
    const ops = ['read', 'acquire', 'renew', 'release', 'force', 'policy', 'seed', 'left'];
    for (const op of ops) only.send({ op } as unknown as Parameters<typeof only.send>[0]);
    expect(sent).toEqual(['read']);
    const written: number[] = [];
    const file = {
      write: (epoch: number) => void written.push(epoch),
      remove: () => void written.push(-1),
      read: () => ({ epoch: 1, deadlineMs: 5 }),
    };
    const none = permittedDeadline('observe', file);
    expect(() => none.write(1, 5)).toThrow(keptBack.observe);
    none.remove();
    expect([none.read(), written]).toEqual([null, []]);
  });
});
