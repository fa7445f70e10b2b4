import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { signalAll, signalIfThere } from '../../lab/hosts/signal.ts';

it('takes a process that has ended meanwhile for what it is: gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(signalIfThere(child.pid!, 'SIGSTOP')).toBe(false);
  expect(signalAll(() => [child.pid!], 'SIGKILL')).toBe(0);
});

it('reaches the processes that are there although another one of the unit has ended', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const ended = once(child, 'exit');
  expect(signalAll(() => [gone.pid!, child.pid!], 'SIGKILL')).toBe(1);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

it('freezes also what is started while it freezes, and kills nothing that is started afterwards', async () => {
  const children = [1, 2].map(() => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']));
  const ended = children.map((child) => once(child, 'exit'));
  const [first, second] = children.map(({ pid }) => pid!) as [number, number];
  let looks = 0;
  const list = () => (++looks === 1 ? [first] : [first, second]);
  expect(signalAll(list, 'SIGSTOP')).toBe(2);
  looks = 0;
  expect(signalAll(list, 'SIGKILL')).toBe(1);
  await ended[0];
  expect(signalIfThere(second, 'SIGKILL')).toBe(true);
  await ended[1];
});

it('does not hide a signal that must not be sent', () => {
  expect(() => signalIfThere(Number.NaN, 'SIGKILL')).toThrow();
});
