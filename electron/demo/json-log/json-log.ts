import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/**
 * Append-only file of JSON lines, each written whole with one call, so that a reader in another
 * process never sees halves of two lines mixed. Grows to `limitBytes`, then continues in a new file
 * and keeps one older one as `<path>.1`: a demo may run for days. Not for anything that must survive
 * a power loss (there is no fsync), and a full disk only loses lines (`lostLines`).
 */
export class JsonLog {
  readonly #path: string;
  readonly #limitBytes: number;
  #descriptor: number | undefined;
  #size: number;
  lostLines = 0;

  /** Opens for appending. Throws errors of the file system. */
  constructor(path: string, limitBytes = 32 * 1024 * 1024) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#descriptor = openSync(path, 'a');
    this.#size = fstatSync(this.#descriptor).size;
  }

  write(entry: object): void {
    if (this.#descriptor === undefined) return;
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      if (this.#size > 0 && this.#size + line.length > this.#limitBytes) this.#turnOver();
      this.#size += writeSync(this.#descriptor, line);
    } catch {
      this.lostLines += 1;
    }
  }

  /** Later writes do nothing. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #turnOver(): void {
    renameSync(this.#path, `${this.#path}.1`);
    const fresh = openSync(this.#path, 'a');
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = fresh;
    this.#size = 0;
  }
}
