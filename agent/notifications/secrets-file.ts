import {
  NotificationSecrets,
  secretNames,
  type SecretName,
  type TargetSecrets,
} from '../../shared/notifications/policy.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';

/** What this member reaches its targets with, in a file that only root reads. It is never told to anybody. */
export class SecretsFile {
  private readonly path: string;
  private readonly files: Files;
  /** Names only: snapshots tell them at every turn, and the file is read for a message alone. */
  private names: Readonly<Record<string, readonly SecretName[]>>;

  constructor(path: string, files: Files) {
    this.path = path;
    this.files = files;
    this.names = namesOf(this.read());
  }

  /** Of one target; empty when there are none, or when the file is damaged: the receiver's refusal tells it. */
  of(target: string): TargetSecrets {
    return this.read()[target] ?? {};
  }

  /** Targets that something is here of. */
  targets(): string[] {
    return Object.keys(this.names);
  }

  /** Which secrets of one target are here. */
  has(target: string): readonly SecretName[] {
    return this.names[target] ?? [];
  }

  /** Replaces all of them. Throws when the disk refuses. The version before is not left behind. */
  replace(secrets: NotificationSecrets): void {
    writeDurable(this.path, secrets, this.files);
    writeDurable(this.path, secrets, this.files);
    this.names = namesOf(secrets);
  }

  /** Replaces those of one target; only what belongs to one of `targets` stays. Throws when the disk refuses. */
  replaceOne(target: string, secrets: TargetSecrets, targets: readonly string[]): void {
    const kept = Object.entries(this.read()).filter(([id]) => targets.includes(id));
    this.replace({ ...Object.fromEntries(kept), [target]: secrets });
  }

  private read(): NotificationSecrets {
    const read = readDurable(this.path, this.files);
    const secrets = NotificationSecrets.safeParse(read.ok ? read.value : undefined);
    return secrets.success ? secrets.data : {};
  }
}

function namesOf(secrets: NotificationSecrets): Record<string, SecretName[]> {
  return Object.fromEntries(
    Object.entries(secrets).map(([id, own]) => [id, secretNames.filter((name) => own[name] !== undefined)]),
  );
}
