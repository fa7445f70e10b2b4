import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCopyScript, type CopyAttempt, type CopyScript } from '../../agent/storage/copy-script.ts';
import { readCopyState, type CopyState } from '../../shared/copying/copy-state.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { root } from './demo-harness.ts';
import { makeKey, startOpenssh, type OpensshServer } from './ssh/openssh-server.ts';

const script = join(root, 'resources/agent/copy.sh');
const name = { north: 'south', south: 'north' } as const;
export type CopySide = keyof typeof name;

/** Two directories and their folders of keys, each as one member has them, with a real sshd between both. */
export interface CopyBench {
  readonly sshd: OpensshServer;
  directory(side: CopySide, file?: string): string;
  keys(side: CopySide): string;
  /** Appends to a file of the engine. */
  write(side: CopySide, file: string, text: string): void;
  read(side: CopySide, file: string): string;
  script(side: CopySide): CopyScript;
  send(from: CopySide, epoch: number, sequence: number, final?: boolean): Promise<CopyAttempt>;
  /** What the member's script has told last. */
  state(side: CopySide): CopyState | null;
}

export async function openCopyBench(folder: string, config: readonly string[] = []): Promise<CopyBench> {
  const sshd = await startOpenssh({ config });
  const place = (side: CopySide, file = '') => join(folder, side, 'data', file);
  const keys = (side: CopySide) => join(folder, side, 'keys');
  const run = (side: CopySide) => join(folder, side, 'run');
  for (const side of ['north', 'south'] as const) {
    for (const made of [place(side, '.ixha'), place(side, 'logt'), keys(side), run(side)])
      mkdirSync(made, { recursive: true });
    writeFileSync(place(side, '.ixha/identity'), 's WK1\n');
    makeKey(join(keys(side), 'key'), 'ed25519');
    const [, ...hostKey] = sshd.knownHostsLine().split(' ');
    writeFileSync(join(keys(side), 'known_hosts'), `ixha-peer ${hostKey.join(' ')}\n`);
    const receiver = [place(side), 's', 'WK1', side, name[side], run(side)];
    writeFileSync(join(keys(side), 'receive'), `${receiver.join('\n')}\n`);
  }
  // One sshd serves both: whose key it is says into which directory the copy goes.
  for (const side of ['north', 'south'] as const) {
    const publicKey = readFileSync(join(keys(side), 'key.pub'), 'utf8');
    const forced = `restrict,command="${script} receive ${keys(name[side])}/receive"`;
    appendFileSync(join(sshd.folder, 'authorized_keys'), `${forced} ${publicKey}`);
  }
  const scriptOf = (side: CopySide) => {
    const paths = { run: run(side), scripts: join(root, 'resources/agent') };
    const member = { siteId: 's', cluster: 'WK1', server: side, paths } as unknown as MemberConfig;
    const times = { everySeconds: 5, lagLimitSeconds: 60 };
    const peer = { address: '127.0.0.1', port: sshd.port, user: sshd.user };
    const more = { mustBeMount: false, keys: keys(side), peer };
    return openCopyScript(member, { kind: 'copied', directory: place(side), ...times, ...more });
  };
  return {
    sshd,
    directory: place,
    keys,
    script: scriptOf,
    write: (side, file, text) => {
      mkdirSync(join(place(side, file), '..'), { recursive: true });
      appendFileSync(place(side, file), text);
    },
    read: (side, file) => readFileSync(place(side, file), 'utf8'),
    send: (from, epoch, sequence, final = false) =>
      scriptOf(from).send({ epoch, sequence, final, limitMs: 60_000 }),
    state: (side) => readCopyState(readFileSync(join(run(side), 'copied'), 'utf8')),
  };
}
