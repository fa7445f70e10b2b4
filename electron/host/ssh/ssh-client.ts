import type { Duplex } from 'node:stream';
import { Client, type NegotiatedAlgorithms } from 'ssh2';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { describeHostKey, judgeHostKey, type PresentedHostKey } from './host-key.ts';
import type { LegacyAlgorithm } from '../../../shared/site/legacy-algorithms.ts';
import { legacyAmong, offeredAlgorithms } from './legacy-algorithms.ts';
import { readPrivateKey } from './private-key.ts';
import { plainText } from './questions.ts';
import type { SshPlace } from './server-connection.ts';
import { passwordExpired, SignIn } from './sign-in.ts';
import { connectError, connectionLost, hostKeyError, timedOut } from './ssh-errors.ts';
import { startTimeLimit } from './time-limit.ts';

const connectTimeoutMs = 15_000;
const keepAlive = { keepaliveInterval: 5_000, keepaliveCountMax: 3 };

/** A connection whose host key was compared and whose user was let in. */
export interface OpenClient {
  readonly client: Client;
  /** Outdated algorithms that this connection rests on. */
  readonly legacy: readonly LegacyAlgorithm[];
}

/**
 * Connects and signs in. The host key is compared with the pinned ones before anything is sent: the
 * library alone would accept any key. `through` is an open way to the server, over a jump host.
 *
 * Errors: server.unreachable, server.timeout, ssh.authentication, ssh.passphrase, ssh.password-expired,
 * ssh.algorithms, ssh.host-key-changed, ssh.host-key-revoked, ssh.host-key-unknown.
 */
export async function openClient(
  target: SshPlace,
  through?: Duplex,
): Promise<Result<OpenClient, ProductError>> {
  const key = await readPrivateKey(target);
  if (!key.ok) {
    through?.destroy();
    return key;
  }
  const signIn = new SignIn(target, key.value);
  return connect(target, through, signIn, (presented) => {
    const verdict = judgeHostKey(target.pinned, presented, target.revoked);
    return verdict === 'match' ? undefined : hostKeyError(target, verdict, target.pinned, presented);
  });
}

/** The key that a server presents. Nothing is sent to it but what the exchange of keys needs. */
export async function presentedHostKey(
  target: SshPlace,
  through?: Duplex,
): Promise<Result<PresentedHostKey, ProductError>> {
  let seen: PresentedHostKey | undefined;
  const looked = await connect(target, through, new SignIn(target, undefined), (presented) => {
    seen = presented;
    return productError('ssh.host-key-unknown', `${target.name} was only looked at.`);
  });
  if (seen) return succeed(seen);
  return looked.ok ? fail(connectionLost(target, 'connecting')) : looked;
}

function connect(
  target: SshPlace,
  through: Duplex | undefined,
  signIn: SignIn,
  judge: (presented: PresentedHostKey) => ProductError | undefined,
): Promise<Result<OpenClient, ProductError>> {
  const timeoutMs = target.connectTimeoutMs ?? connectTimeoutMs;
  const client = new Client();
  // Every command in progress listens for the end of the connection.
  client.setMaxListeners(0);
  const notes: string[] = [];
  let agreed: NegotiatedAlgorithms | undefined;
  let refused: ProductError | undefined;
  return new Promise((resolve) => {
    const finish = (result: Result<OpenClient, ProductError>) => {
      signIn.limit?.end();
      resolve(result);
      if (result.ok) return;
      client.destroy();
      through?.destroy();
    };
    const stop = (error: ProductError) => finish(fail(refused ?? error));
    signIn.giveUp = stop;
    signIn.limit = startTimeLimit(timeoutMs, () => stop(timedOut(target, 'connecting', timeoutMs)));
    client.on('connect', () => client.setNoDelay(true));
    client.on('handshake', (negotiated) => (agreed ??= negotiated));
    client.on('ready', () => finish(succeed({ client, legacy: legacyAmong(namesOf(agreed)) })));
    client.on('change password', (said) => stop(passwordExpired(target, [plainText(said)])));
    // Stays for the connection's life: a later error without a listener would end the whole program.
    client.on('error', (error: Error & { level?: string }) => {
      // The other ways to sign in are tried nevertheless.
      if (error.level === 'agent') signIn.agentTrouble = plainText(error.message);
      else if (error.level === 'client-authentication') stop(signIn.refusal());
      else stop(connectError(target, error, notes));
    });
    client.on('close', () => stop(connectionLost(target, 'connecting')));
    const hostVerifier = (blob: Buffer): boolean => {
      refused = judge(describeHostKey(blob));
      return refused === undefined;
    };
    try {
      client.connect({
        ...(through ? { sock: through } : { host: target.address, port: target.port }),
        username: target.user,
        ...keepAlive,
        // Its own limit would run while a person is asked.
        readyTimeout: 0,
        algorithms: offeredAlgorithms(target.pinned, target.legacyAlgorithms ?? []),
        authHandler: signIn.handler,
        hostVerifier,
        debug: (note) => {
          if (notes.length < 20 && note.startsWith('Handshake: (remote)')) notes.push(note);
        },
      });
    } catch (error) {
      stop(connectError(target, error as Error, notes));
    }
  });
}

function namesOf(agreed: NegotiatedAlgorithms | undefined): string[] {
  if (!agreed) return [];
  const { kex, cs, sc } = agreed;
  return [kex, agreed.serverHostKey, cs.cipher, cs.mac, sc.cipher, sc.mac].map(String);
}
