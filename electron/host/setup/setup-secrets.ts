import type { SecretKind } from '../../../shared/setup/setup-view.ts';

/** Secrets of a setup. They live in this process's memory and end with it; nothing here is ever written. */
export class SetupSecrets {
  readonly #kept = new Map<string, string>();

  /** `server` is empty for what all share, such as the engine's password. An empty value forgets. */
  put(server: string, kind: SecretKind, value: string): void {
    const key = `${server} ${kind}`;
    if (value === '') this.#kept.delete(key);
    else this.#kept.set(key, value);
  }

  get(server: string, kind: SecretKind): string | undefined {
    return this.#kept.get(`${server} ${kind}`);
  }

  has(server: string): SecretKind[] {
    return [...this.#kept.keys()]
      .filter((key) => key.slice(0, key.lastIndexOf(' ')) === server)
      .map((key) => key.slice(key.lastIndexOf(' ') + 1) as SecretKind);
  }

  forgetAll(): void {
    this.#kept.clear();
  }
}
