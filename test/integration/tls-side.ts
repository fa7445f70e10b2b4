import type { Credentials } from '../../agent/tls/credentials.ts';
import type { TlsSide } from '../../agent/tls/tls-side.ts';
import { Revocations } from '../../agent/tls/revocations.ts';
import type { OnExcused } from '../../agent/tls/time-fault-words.ts';

/** What these credentials bring to a connection, of a program that knows of nothing revoked. */
export function sideOf(credentials: Credentials, onExcused: OnExcused = () => undefined): TlsSide {
  const file = { read: () => undefined, write: () => undefined };
  return { credentials, revocations: new Revocations(credentials, file, () => undefined), onExcused };
}
