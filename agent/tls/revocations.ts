import { verify, X509Certificate } from 'node:crypto';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Identity } from '../../shared/site/identity.ts';
import {
  holdsAll,
  mayReplace,
  readRevocations,
  revocationOf,
  type RevocationList,
} from '../../shared/site/revocation-list.ts';
import type { Credentials } from './credentials.ts';

/** Where a signed list is kept between two starts. */
export interface RevocationFile {
  /** The text; undefined: there is none. Throws with what is wrong with it. */
  read(): string | undefined;
  /** Once it returns, the text survives a power cut. */
  write(text: string): void;
}

/** A connection that ends when the certificate at its other end is revoked. */
interface Watched {
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

interface Held {
  readonly list: Pick<RevocationList, 'number' | 'revoked'>;
  readonly text: string | null;
}

const none: Held = { list: { number: 0, revoked: [] }, text: null };

/**
 * The revocation list of one program. A newer one counts at once, for every handshake and for the connections that
 * stand, and is said to be taken only once it is kept durably. A file that cannot be read is told and counts as none: a list comes again from
 * the other programs of the site, and a damaged file must not stop an engine.
 */
export class Revocations {
  private readonly own: Credentials;
  private readonly file: RevocationFile;
  private readonly watched = new Map<Watched, { certificate: X509Certificate; identity: Identity }>();
  private readonly listeners: (() => void)[] = [];
  private held = none;
  private isKept = true;

  constructor(own: Credentials, file: RevocationFile, note: (sentence: string) => void) {
    this.own = own;
    this.file = file;
    try {
      const text = file.read();
      if (text === undefined) return;
      const list = this.parse(text);
      if (list.ok) this.held = { list: list.value, text };
      else note(`${list.error.message} It was kept here; it is asked for again.`);
    } catch (error) {
      note(
        `The revocation list kept here cannot be read: ${(error as Error).message}. It is asked for again.`,
      );
    }
  }

  /** 0: there is none. */
  number(): number {
    return this.held.list.number;
  }

  /** The signed text; null: there is none. */
  text(): string | null {
    return this.held.text;
  }

  isRevoked(certificate: X509Certificate, identity: Identity): boolean {
    const { serialNumber: serial, validFromDate } = certificate;
    const judged = { identity, serial, beginsAtMs: validFromDate.getTime() };
    return revocationOf(this.held.list, judged) !== undefined;
  }

  /**
   * Takes a list that somebody hands over; true: it is newer than what was here. Errors: revocation.*; with
   * revocation.not-kept it counts all the same, until this program ends.
   */
  take(text: string): Result<boolean, ProductError> {
    const list = this.parse(text);
    if (!list.ok) return list;
    if (list.value.number === this.number() && holdsAll(list.value, this.held.list)) return this.keep(false);
    const fits = mayReplace(list.value, this.held.list);
    if (!fits.ok) return fits;
    this.held = { list: list.value, text };
    this.isKept = false;
    for (const [socket, { certificate, identity }] of this.watched) {
      if (this.isRevoked(certificate, identity)) socket.destroy();
    }
    const kept = this.keep(true);
    for (const tell of this.listeners) tell();
    return kept;
  }

  /** Calls after every newer list. */
  onNewer(tell: () => void): void {
    this.listeners.push(tell);
  }

  /** Ends this connection as soon as its certificate is revoked. */
  watch(socket: Watched, certificate: X509Certificate, identity: Identity): void {
    this.watched.set(socket, { certificate, identity });
    socket.once('close', () => this.watched.delete(socket));
  }

  private keep(isNewer: boolean): Result<boolean, ProductError> {
    if (this.isKept || this.held.text === null) return succeed(isNewer);
    try {
      this.file.write(this.held.text);
      this.isKept = true;
      return succeed(isNewer);
    } catch (error) {
      const said = `The revocation list ${this.number()} could not be kept: ${(error as Error).message}.`;
      return fail(productError('revocation.not-kept', said));
    }
  }

  private parse(text: string): Result<RevocationList, ProductError> {
    const { publicKey } = new X509Certificate(this.own.authority);
    return readRevocations(text, {
      site: this.own.identity.site,
      isSigned: (words, signature) =>
        verify('sha256', Buffer.from(words), publicKey, Buffer.from(signature, 'base64')),
    });
  }
}
