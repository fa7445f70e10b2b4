interface Kept {
  readonly content: unknown;
}

interface Lying<File> {
  readonly files: Map<string, File>;
  readonly changes: string[];
  link: string;
  needsReload: boolean;
}

/** What a server in memory keeps of how it was before an installation, as its scripts do. */
export class MemoryBefore<File extends Kept> {
  record = '';
  isOpen = false;
  readonly files = new Map<string, File>();

  /** Does what one of its scripts does, and answers what that prints. */
  answer(name: string, [place, ...words]: readonly string[], server: Lying<File>): string {
    switch (name) {
      case 'ixha-before':
        server.changes.push(name);
        return this.keep(server.files, server.link, words[0]!);
      case 'ixha-before-look':
        return this.look(server.files, words);
      case 'ixha-before-end':
        if (!place!.endsWith('/open')) this.clear();
        this.isOpen = false;
        return '';
      default: {
        const [, version, count, ...paths] = words;
        server.changes.push(name);
        this.putBack(server.files, paths, Number(count));
        server.link = version!;
        server.needsReload = false;
        return '';
      }
    }
  }

  /** Keeps what lies there, unless an unfinished work has; answers whether it was kept anew. */
  keep(all: ReadonlyMap<string, File>, link: string, note: string): string {
    if (this.isOpen) return 'kept';
    this.clear();
    const isOurs = (path: string) =>
      /^\/(etc\/ixha\/|usr\/bin\/ixha|etc\/systemd\/system\/(ixha-|.*50-ixha-gate))/.test(path) &&
      !/certificates|guard-proof|\/etcd\/|\/copy\/(key|known_hosts)/.test(path);
    for (const [path, file] of all) if (isOurs(path)) this.files.set(path, file);
    this.record = `${all.has('/etc/ixha/site') || link !== '' ? 'again' : 'first'} ${link || 'none'}\n${note}`;
    this.isOpen = true;
    return 'new';
  }

  look(now: ReadonlyMap<string, File>, paths: readonly string[]): string {
    if (this.record === '') return 'end';
    const configuration = '/etc/ixha/site-configuration';
    const text = this.files.get(configuration);
    const restored = [...this.files].filter(([path, file]) => {
      const there = now.get(path);
      return path !== configuration && (there === undefined || file.content !== there.content);
    });
    const told = [...this.files].filter(([path]) => /\/(member\.json|witness\.json|guard\.env)$/.test(path));
    const linesOf = (word: string, path: string, file: File | undefined) =>
      file ? `${String(file.content)}\n`.split('\n').map((line) => `${word} ${path} ${line}`) : [];
    return [
      ...told.flatMap(([path, file]) => [
        ...linesOf('kept', path, file),
        ...linesOf('now', path, now.get(path)),
      ]),
      ...this.record.split('\n').map((line) => `record ${line}`),
      ...(this.isOpen ? ['open'] : []),
      ...restored.map(([path]) => `restored ${path}`),
      ...paths.filter((path) => now.has(path) && !this.files.has(path)).map((path) => `removed ${path}`),
      ...(text === undefined
        ? []
        : String(text.content)
            .replace(/\n$/, '')
            .split('\n')
            .map((line) => `configuration ${line}`)),
      'end',
    ].join('\n');
  }

  putBack(into: Map<string, File>, paths: readonly string[], count: number): void {
    for (const path of paths.slice(0, count)) into.set(path, this.files.get(path)!);
    for (const path of paths.slice(count)) into.delete(path);
  }

  clear(): void {
    this.record = '';
    this.isOpen = false;
    this.files.clear();
  }
}
