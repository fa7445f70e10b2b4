import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { MemoryBefore } from './memory-before.ts';
import { describeCommand, mayGuard, MemoryLock, output } from './memory-commands.ts';

interface MemoryFile {
  readonly content: Buffer | string;
  readonly mode: string;
  readonly owner: string;
}

/**
 * A server in memory that understands what the installer says to it, keeps the outcome, and lists every
 * change. Breaking it at one change shows what an interruption leaves behind.
 */
export class MemoryServer implements ServerConnection {
  readonly name: string;
  readonly changes: string[] = [];
  readonly files = new Map<string, MemoryFile>();
  readonly folders = new Map<string, { mode: string; owner: string }>();
  readonly units = new Map<string, { active: string; enabled: boolean }>();
  readonly marks = new Map<string, string>();
  readonly seeded = new Set<string>();
  /** Version that each unit was last started from, and how often it was started. */
  readonly runs = new Map<string, { readonly version: string; readonly starts: number }>();
  /** Versions whose programs end at once. */
  readonly broken = new Set<string>();
  /** What a change of version has put aside: the version before, and files as they were. */
  kept: { record: string; files: Map<string, MemoryFile> } | undefined;
  previous = '';
  link = '';
  needsReload = false;
  closed = false;
  /** Fails the first change whose description contains this. */
  breaksAt: string | undefined;
  /** So many changes succeed before one fails; undefined: none fails for that. */
  changesUntilBreak: number | undefined;
  proofOutcome = 'proven';
  readonly lock = new MemoryLock();
  readonly before = new MemoryBefore<MemoryFile>();
  /** The network is cut: nothing answers, and what lies here stays. */
  isCut = false;
  readonly #keys = new Map<string, ReturnType<typeof generateKeyPairSync>>();

  constructor(name: string, engines: readonly string[]) {
    this.name = name;
    for (const unit of engines) this.units.set(unit, { active: 'inactive', enabled: false });
  }

  run: ServerConnection['run'] = async (argv) => (this.isCut ? this.#unreachable() : this.#answer(argv));

  async #answer(argv: readonly string[]) {
    const [program, ...rest] = argv;
    const name = rest[2];
    if (name === 'ixha-may-guard') return output('', mayGuard(this.units, rest) ? 0 : 1);
    const looked = this.#look(argv);
    if (looked !== undefined) return output(looked);
    const description = describeCommand(argv);
    if (this.#breaks(description)) return output('', 1);
    if (program!.endsWith('/node')) return output('', this.broken.has(program!.split('/').at(-2)!) ? 1 : 0);
    if (program === '/usr/bin/ixha') return output(this.#enrol(argv));
    if (program === 'runuser') return output(this.#seed());
    if (program === 'bash') return this.#prove(rest);
    if (description.startsWith('timeout')) return output(this.#mark(argv.slice(-3)));
    if (program === 'systemctl') return this.#systemctl(rest);
    if (program === 'install') {
      this.folders.set(rest.at(-1)!, { mode: rest[2]!, owner: `${rest[4]}:${rest[6]}` });
    }
    const left = this.#leave(name, rest.slice(3));
    if (left !== undefined) return left;
    this.#changeVersion(name, rest.slice(3));
    this.#changeMode(name, rest.slice(3));
    if (name === 'ixha-balancer') this.#exchange(rest[3]!);
    if (program === 'touch') this.files.set(rest[1]!, { content: '', mode: '0644', owner: 'root:root' });
    if (program === 'rm') for (const path of rest.slice(2)) this.files.delete(path);
    if (program !== 'mkdir' && name !== 'ixha-key') this.changes.push(description);
    return output('');
  }

  #leave(name: string | undefined, words: readonly string[]) {
    if (name === 'ixha-end-member') return this.#end(words);
    if (name === 'ixha-remove') return this.#remove(words);
    if (name?.startsWith('ixha-before')) return output(this.before.answer(name, words, this));
    if (name === 'ixha-end-witness') this.#set(words[0]!, false);
    return undefined;
  }

  #changeMode(name: string | undefined, words: readonly string[]): void {
    if (name === 'ixha-guards') for (const unit of words.slice(4, 6)) this.#set(unit, true);
    if (name === 'ixha-observe') this.#observe(words);
  }

  /** What a command prints that changes nothing; undefined: it is none. */
  #look([program, ...rest]: readonly string[]): string | undefined {
    if (program === 'cat') return String(this.files.get(rest[1]!)?.content ?? '');
    if (rest[2] === 'ixha-facts') return this.#facts(rest.slice(3));
    if (/^ixha-before-(look|end)$/.test(rest[2]!)) return this.before.answer(rest[2]!, rest.slice(3), this);
    if (rest[2]?.startsWith('ixha-lock')) return this.lock.answer(rest[2], rest.slice(4));
    if (rest[2] === 'ixha-versions') return this.#versions(rest.slice(5));
    return program === 'systemctl' && rest[0] === 'show' ? this.#restarts(rest.at(-1)!) : undefined;
  }

  upload: ServerConnection['upload'] = async (source, { path, mode, owner }) => {
    if (this.isCut || this.#breaks(`upload ${path}`)) return this.#unreachable();
    this.changes.push(`upload ${path}`);
    const content = source.kind === 'content' ? Buffer.from(source.content) : `file ${source.file}`;
    this.files.set(path, { content, mode, owner });
    if (path.startsWith('/etc/systemd/system/')) this.needsReload = true;
    return succeed(undefined);
  };

  #unreachable() {
    return fail(productError('server.unreachable', 'the cable was pulled'));
  }

  close(): void {
    this.closed = true;
  }

  /** Digests of uploaded files are those of the sample bundle; everything else is hashed. */
  digest: (path: string, content: MemoryFile['content']) => string = (_path, content) =>
    createHash('sha256').update(content).digest('hex');

  #breaks(description: string): boolean {
    if (this.changesUntilBreak === 0) {
      this.changesUntilBreak = undefined;
      return true;
    }
    if (this.changesUntilBreak !== undefined) this.changesUntilBreak -= 1;
    if (this.breaksAt === undefined || !description.includes(this.breaksAt)) return false;
    this.breaksAt = undefined;
    return true;
  }

  #facts([, , units, shares]: readonly string[]): string {
    const names = (text: string | undefined) => (text ?? '').split('\n').filter((line) => line !== '');
    const files = [...this.files].map(
      ([path, { content, mode, owner }]) => `${this.digest(path, content)} ${mode} ${owner} ${path}`,
    );
    const unitLines = names(units).flatMap((unit) => {
      const seen = this.units.get(unit);
      const load = seen === undefined ? 'not-found' : 'loaded';
      return [
        `Asked=${unit}`,
        `LoadState=${load}`,
        `ActiveState=${seen?.active ?? 'inactive'}`,
        `NeedDaemonReload=${this.needsReload ? 'yes' : 'no'}`,
        `UnitFileState=${seen?.enabled ? 'enabled' : 'disabled'}`,
      ];
    });
    const shareLines = names(shares).flatMap((share) => [
      `Asked=${share}`,
      'Directory=yes',
      'Mount=yes',
      ...(this.marks.has(share) ? [`Mark=${this.marks.get(share)!.trim()}`] : []),
      'Answered=yes',
    ]);
    const proofs = [...this.files].filter(([path]) => path.endsWith('guard-proof.json'));
    const sections: [string, readonly string[]][] = [
      ['machine', ['x86_64']],
      ['libc', ['glibc 2.36']],
      ['init', ['systemd']],
      ['systemd', ['systemd 252']],
      ['cgroup', ['/sys/fs/cgroup']],
      ['disk', ['/dev/a 9 9 9999999 1% /', '/dev/a 9 9 9999999 1% /var']],
      ['clock', ['1.0 1.0', new Date().toISOString()]],
      ['programs', 'bash sha256sum sync timeout mountpoint stat useradd haproxy'.split(' ')],
      ['site', this.files.has('/etc/ixha/site') ? [String(this.files.get('/etc/ixha/site')!.content)] : []],
      ['link', [this.link]],
      ...this.#parts(),
      ['at-work', this.#atWork()],
      ['files', files],
      ['folders', [...this.folders].map(([path, { mode, owner }]) => `${mode} ${owner} ${path}`)],
      ['units', unitLines],
      ['shares', shareLines],
      ['proofs', proofs.map(([path, { content }]) => `${path} ${String(content).trim()}`)],
      ['leases', [...this.seeded].map((cluster) => `lease-${cluster}.json`)],
      [
        'haproxy',
        ['0', String(this.files.get('/etc/haproxy/haproxy.cfg')?.content ?? 'global').split('\n')[0]!],
      ],
      ['end', []],
    ];
    return sections.map(([name, lines]) => `\n== ${name}\n${lines.join('\n')}\n`).join('');
  }

  #versions(units: readonly string[]): string {
    const versions = [...this.folders.keys()].flatMap(
      (path) => /^\/usr\/lib\/ixha\/([^/]+)$/.exec(path)?.[1] ?? [],
    );
    return [
      `current ${this.link}`,
      ...versions.map((version) => `version ${version}`),
      ...(this.kept?.record ? [`switch ${this.kept.record}`] : []),
      ...units.map((unit) => `runs ${unit} ${this.runningVersion(unit) ?? ''}`),
      'end',
    ].join('\n');
  }

  /** Undefined: it has no process, because it was never started or ends at once. */
  runningVersion(unit: string): string | undefined {
    const version = this.runs.get(unit)?.version;
    return version === undefined || this.broken.has(version) ? undefined : version;
  }

  #restarts(unit: string): string {
    return this.broken.has(this.runs.get(unit)?.version ?? '') ? '7' : '0';
  }

  /** What of the product lies here, as the facts script tells it. */
  #parts(): [string, string[]][] {
    const names = new Set(
      [...this.files.keys(), ...this.folders.keys()].flatMap(
        (path) => /^\/etc\/ixha\/([^/]+)(?:\/|$)/.exec(path)?.[1] ?? [],
      ),
    );
    for (const file of ['site', 'site-configuration']) names.delete(file);
    const config = (name: string) => String(this.files.get(`/etc/ixha/${name}/member.json`)?.content ?? '');
    const gates = [...this.files].flatMap(([path, { content }]) => {
      const unit = /\/([^/]+\.service)\.d\/50-ixha-gate\.conf$/.exec(path)?.[1];
      const cluster = /\/run\/ixha\/(\S+)/.exec(String(content))?.[1] ?? '';
      const seen = this.units.get(unit ?? '');
      return unit === undefined
        ? []
        : [
            `Asked=${unit}`,
            `ActiveState=${seen?.active ?? 'inactive'}`,
            `UnitFileState=${seen?.enabled ? 'enabled' : 'disabled'}`,
            `Cluster=${cluster}`,
          ];
    });
    return [
      [
        'parts',
        [...names].flatMap((name) => [
          `Asked=${name}`,
          `Config=${config(name).replaceAll('\n', '')}`,
          ...(this.runs.has(`ixha-agent@${name}.service`) ? ['Memory=yes'] : []),
        ]),
      ],
      ['gates', gates],
    ];
  }

  /** Agents and guards that run. */
  #atWork(): string[] {
    const running = [...this.units].filter(([, { active }]) => active === 'active');
    return running.map(([unit]) => unit).filter((unit) => /^ixha-(agent|guard-\d)@/.test(unit));
  }

  #end([agent, may, count, ...units]: readonly string[]) {
    const engines = units.slice(0, Number(count));
    const running = engines.find((unit) => this.units.get(unit)?.active === 'active');
    if (may === 'must-stop' && running) return output(`${running} runs by now`, 1);
    const ended = [agent!, ...units.slice(Number(count))];
    for (const unit of ended) this.units.set(unit, { active: 'inactive', enabled: false });
    for (const unit of ended) this.files.delete(`/var/lib/ixha/started/${unit}`);
    this.changes.push(`end ${agent}`);
    return output('');
  }

  #remove([whole, count, ...rest]: readonly string[]) {
    const alive = whole === 'whole' ? this.#atWork() : [];
    if (alive.length > 0) return output('', 1);
    const marks = rest.slice(0, 2 * Number(count));
    for (let at = 0; at < marks.length; at += 2) {
      if (this.marks.get(marks[at]!)?.trim() === marks[at + 1]) this.marks.delete(marks[at]!);
    }
    const paths = rest.slice(2 * Number(count));
    const isBelow = (path: string) => paths.some((gone) => path === gone || path.startsWith(`${gone}/`));
    for (const path of [...this.files.keys()].filter(isBelow)) this.files.delete(path);
    for (const path of [...this.folders.keys()].filter(isBelow)) this.folders.delete(path);
    if (isBelow('/usr/lib/ixha/current')) this.link = '';
    if (isBelow('/var/lib/ixha/before-installation')) this.before.clear();
    this.changes.push(`remove ${paths.join(' ')}`);
    return output(paths.join('\n'));
  }

  #set(unit: string, up: boolean): void {
    this.units.set(unit, { active: up ? 'active' : 'inactive', enabled: up });
  }

  #observe([, gate, ...units]: readonly string[]): void {
    for (const unit of units.slice(0, 3)) this.#set(unit, false);
    for (const path of [gate!, ...units.slice(3)]) this.files.delete(path);
  }

  #exchange(path: string): void {
    const fresh = this.files.get(`${path}.ixha-new-config`);
    if (fresh) this.files.set(path, fresh);
    this.files.delete(`${path}.ixha-new-config`);
  }

  #changeVersion(name: string | undefined, words: readonly string[]): void {
    if (name === 'ixha-keep') this.#keep(words);
    if (name === 'ixha-back') this.#goBack(words);
    if (name === 'ixha-end') this.#endSwitch();
    if (name === 'ixha-link') this.link = words[1]!;
    if (name === 'ixha-switch-key') this.#switchKey(words[0]!);
  }

  #switchKey(directory: string): void {
    for (const [path, file] of [...this.files]) {
      if (!path.startsWith(`${directory}.next/`)) continue;
      this.files.set(path.replace(`${directory}.next/`, `${directory}/`), file);
      this.files.delete(path);
    }
    this.#keys.set(directory, this.#keys.get(`${directory}.next`)!);
    this.#keys.delete(`${directory}.next`);
  }

  #keep([, , , from, to, ...paths]: readonly string[]): void {
    const files = paths.flatMap((path) => {
      const file = this.files.get(path);
      return file ? [[path, file] as const] : [];
    });
    this.kept = { record: `${from} ${to}`, files: new Map(files) };
    this.previous = from!;
  }

  #goBack([, , from, ...paths]: readonly string[]): void {
    for (const path of paths) {
      const file = this.kept!.files.get(path);
      if (file) this.files.set(path, file);
      else this.files.delete(path);
    }
    this.link = from!;
    this.needsReload = false;
  }

  #endSwitch(): void {
    this.kept = undefined;
    for (const path of [...this.folders.keys(), ...this.files.keys()]) {
      const version = /^\/usr\/lib\/ixha\/([^/]+)/.exec(path)?.[1];
      if (version === undefined || version === this.link || version === this.previous) continue;
      this.folders.delete(path);
      this.files.delete(path);
    }
  }

  #enrol(argv: readonly string[]): string {
    const directory = argv[3]!;
    if (!this.#keys.has(directory)) {
      this.#keys.set(directory, generateKeyPairSync('ec', { namedCurve: 'P-256' }));
      this.changes.push(`key ${directory}`);
    }
    const { publicKey, privateKey } = this.#keys.get(directory)! as never as {
      publicKey: { export(options: object): string };
      privateKey: Parameters<typeof sign>[2];
    };
    return JSON.stringify({
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
      signature: sign('sha256', Buffer.from(argv[5]!, 'hex'), privateKey).toString('base64'),
    });
  }

  #seed(): string {
    const clusters = ['WK1', 'WK2'].map((cluster) => ({ cluster, seeded: !this.seeded.has(cluster) }));
    for (const { cluster, seeded } of clusters) {
      if (seeded) this.changes.push(`seed ${cluster}`);
      this.seeded.add(cluster);
    }
    return JSON.stringify(clusters);
  }

  #prove(rest: readonly string[]) {
    const how = rest[3]!;
    this.changes.push(`prove ${rest[5]} on ${how}`);
    const seen = { result: 'signal', state: 'failed', exitStatus: '9', killMs: 30 };
    return output(JSON.stringify({ outcome: this.proofOutcome, how, ...seen }));
  }

  #mark([directory, mark]: readonly string[]): string {
    if (!this.marks.has(directory!)) this.changes.push(`mark ${directory}`);
    this.marks.set(directory!, this.marks.get(directory!) ?? mark!);
    return this.marks.get(directory!)!;
  }

  #systemctl(rest: readonly string[]) {
    const [verb, ...words] = rest;
    const units = words.filter((word) => word.endsWith('.service'));
    if (verb === 'is-active') return output('', this.units.get(units[0]!)?.active === 'active' ? 0 : 3);
    this.changes.push(`systemctl ${rest.filter((word) => word !== '--').join(' ')}`);
    if (verb === 'daemon-reload') this.needsReload = false;
    for (const unit of units) {
      const seen = this.units.get(unit) ?? { active: 'inactive', enabled: false };
      if (verb === 'start' || verb === 'restart') {
        this.units.set(unit, { ...seen, active: 'active' });
        this.runs.set(unit, { version: this.link, starts: (this.runs.get(unit)?.starts ?? 0) + 1 });
      }
      if (verb === 'stop') this.units.set(unit, { ...seen, active: 'inactive' });
      if (verb === 'enable') this.units.set(unit, { ...seen, enabled: true });
      if (verb === 'disable') this.units.set(unit, { active: 'inactive', enabled: false });
    }
    return output('');
  }
}
