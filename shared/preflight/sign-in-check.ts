import type { ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, toLookAt, type PreflightCheck } from './preflight-check.ts';
import type { ProductError } from '../errors.ts';

/** How somebody who signed in acts as root. */
export interface SignIn {
  readonly user: string;
  readonly privilege: 'root' | 'passwordless' | 'password';
  /** Outdated algorithms that the connection rests on. */
  readonly legacy: readonly string[];
}

const waysToRoot: Record<SignIn['privilege'], string> = {
  root: 'is root',
  passwordless: 'becomes root by sudo without a password',
  password: 'becomes root by sudo with a password',
};

const nameOf = ({ server }: ExpectedServer) => ({
  id: 'ssh',
  server: server.id,
  subject: server.name,
  what: 'sign-in as root',
});

/** A server that let us in with its pinned key. Pure. */
export function signInCheck(expected: ExpectedServer, { user, privilege, legacy }: SignIn): PreflightCheck {
  const finding = `${user} ${waysToRoot[privilege]}; host key as pinned`;
  if (legacy.length === 0) return passed(nameOf(expected), finding);
  const over = `${finding}, over outdated algorithms: ${legacy.join(', ')}`;
  return toLookAt(nameOf(expected), over, 'Bring the SSH server there up to date.');
}

/** A server that did not, with the reason; of a missing sudo that is every command that needs root. Pure. */
export function noSignIn(expected: ExpectedServer, error: ProductError): PreflightCheck {
  return failedWith(nameOf(expected), error);
}

/** A server that let us in and could not be looked at. Pure. */
export function noLook(expected: ExpectedServer, error: ProductError): PreflightCheck {
  return failedWith({ ...nameOf(expected), id: 'look', what: 'looking at the server' }, error);
}

function failedWith(
  name: ReturnType<typeof nameOf>,
  { message, details, next, code }: ProductError,
): PreflightCheck {
  return failedCheck(name, `${message} [${code}]`, next, { evidence: details ?? [] });
}
