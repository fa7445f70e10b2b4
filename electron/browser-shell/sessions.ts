import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const mostTokens = 16;
const mostSessions = 64;

/**
 * One-time tokens and the sessions they are exchanged for. A token stands in an address that is printed
 * or handed to a window; it is worth one exchange. Only digests are kept, compared in constant time.
 */
export interface Sessions {
  /** A new one-time token. */
  issueToken(): string;
  /** Exchanges a token for a new session's secret; undefined when it is unknown or used. */
  redeem(token: string): string | undefined;
  isOpen(session: string): boolean;
  /** A new session without a token, for a window whose browser is handed its secret directly. */
  open(): string;
}

export function createSessions(): Sessions {
  const tokens: Buffer[] = [];
  const sessions: Buffer[] = [];
  const open = () => {
    const session = randomBytes(32).toString('base64url');
    sessions.push(digest(session));
    if (sessions.length > mostSessions) sessions.shift();
    return session;
  };
  return {
    open,
    issueToken: () => {
      const token = randomBytes(32).toString('base64url');
      tokens.push(digest(token));
      if (tokens.length > mostTokens) tokens.shift();
      return token;
    },
    redeem: (token) => {
      const place = find(tokens, token);
      if (place < 0) return undefined;
      tokens.splice(place, 1);
      return open();
    },
    isOpen: (session) => find(sessions, session) >= 0,
  };
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function find(digests: readonly Buffer[], secret: string): number {
  const wanted = digest(secret);
  return digests.findIndex((candidate) => timingSafeEqual(candidate, wanted));
}
