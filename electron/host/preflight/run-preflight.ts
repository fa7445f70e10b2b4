import { clockDifference, type ClockReading } from '../../../shared/preflight/clock-checks.ts';
import {
  failedCheck,
  passed,
  toLookAt,
  type PreflightCheck,
} from '../../../shared/preflight/preflight-check.ts';
import { sameMachineChecks } from '../../../shared/preflight/server-checks.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import type { Result } from '../../../shared/result.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { waysOf, type SiteInstallFile } from '../install/install-file.ts';
import { checksOf } from '../install/preflight.ts';
import { lookAt, type ConnectServer } from '../install/server-work.ts';
import { sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import type { WantedServer } from '../install/wanted-server.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { measureClock } from './measure-clock.ts';

export interface PreflightInputs {
  readonly document: SiteInstallFile;
  readonly wanted: readonly WantedServer[];
  readonly connect: ConnectServer;
  readonly help: SignInHelp;
  readonly wallMs: () => number;
  /** Ends the looking at once; what was found so far is kept. */
  readonly signal: AbortSignal;
  /** Told as soon as anything is known. */
  readonly onChecks: (checks: readonly PreflightCheck[]) => void;
}

export interface PreflightOutcome {
  readonly checks: readonly PreflightCheck[];
  readonly tookMs: number;
  /** It was called off: some checks are missing. */
  readonly cancelled: boolean;
}

interface Seen {
  readonly wanted: WantedServer;
  readonly facts: ServerFacts;
  readonly clock: ClockReading | undefined;
}

/** Looks at all servers at once and changes nothing. Every server is judged, also when another fails. */
export async function runPreflight(inputs: PreflightInputs): Promise<PreflightOutcome> {
  const startedMs = inputs.wallMs();
  const opened: ServerConnection[] = [];
  const checks: PreflightCheck[] = [];
  const found = (some: readonly PreflightCheck[]) => {
    if (inputs.signal.aborted) return;
    checks.push(...some);
    inputs.onChecks(some);
  };
  const called = new Promise<'cancelled'>((resolve) => {
    if (inputs.signal.aborted) resolve('cancelled');
    inputs.signal.addEventListener('abort', () => resolve('cancelled'), { once: true });
  });
  const work = Promise.all(inputs.wanted.map((wanted) => lookAtOne(inputs, wanted, opened, found))).then(
    (seen) =>
      found(
        betweenServers(
          inputs,
          seen.flatMap((one) => one ?? []),
        ),
      ),
  );
  const ended = await Promise.race([work, called]);
  // What is still being opened closes itself: it sees that it was called off.
  for (const connection of opened) connection.close();
  return { checks, tookMs: inputs.wallMs() - startedMs, cancelled: ended === 'cancelled' };
}

async function lookAtOne(
  inputs: PreflightInputs,
  wanted: WantedServer,
  opened: ServerConnection[],
  found: (checks: readonly PreflightCheck[]) => void,
): Promise<Seen | undefined> {
  const name = { id: 'ssh', subject: wanted.server.name, what: 'sign-in as root' };
  const connection = await reach(inputs, wanted);
  if (!connection.ok) {
    found([failedOf(name, connection.error)]);
    return undefined;
  }
  if (inputs.signal.aborted) {
    connection.value.close();
    return undefined;
  }
  opened.push(connection.value);
  const clock = await measureClock(connection.value, inputs.wallMs);
  const facts = await lookAt(connection.value, wanted);
  if (!facts.ok) {
    found([failedOf({ ...name, id: 'look', what: 'looking at the server' }, facts.error)]);
    return undefined;
  }
  const legacy = connection.value.legacy ?? [];
  const wallTime = new Date(inputs.wallMs()).toISOString();
  found([
    legacy.length === 0
      ? passed(name, 'host key as pinned, root by the way that the site file says')
      : toLookAt(
          name,
          `it works, over outdated algorithms: ${legacy.join(', ')}`,
          'Bring the SSH server there up to date.',
        ),
    ...checksOf(facts.value, wanted, wallTime),
  ]);
  return { wanted, facts: facts.value, clock };
}

async function reach(
  { document, connect, help }: PreflightInputs,
  { server }: WantedServer,
): Promise<Result<ServerConnection, ProductError>> {
  const target = await sshTarget(server, waysOf(document), help);
  return target.ok ? connect(target.value) : target;
}

function failedOf(
  name: Pick<PreflightCheck, 'id' | 'subject' | 'what'>,
  { message, details, next, code }: ProductError,
): PreflightCheck {
  return failedCheck(name, `${message} [${code}]`, next, { evidence: details ?? [] });
}

/** What only shows when two servers are looked at side by side: members of a cluster, and each with the witness. */
function betweenServers({ document }: PreflightInputs, seen: readonly Seen[]): PreflightCheck[] {
  const pairs = seen.flatMap((one, index) => seen.slice(index + 1).map((other) => [one, other] as const));
  const { site } = document;
  const belongTogether = ([one, other]: readonly [Seen, Seen]) => {
    const ids = [one.wanted.server.id, other.wanted.server.id];
    return site.clusters.some((cluster) => {
      const members = [...cluster.members.map((member) => member.server), site.leaseStore.server];
      return ids.every((id) => members.includes(id));
    });
  };
  return [
    ...sameMachineChecks(seen.map(({ wanted, facts }) => ({ name: wanted.server.name, facts }))),
    ...pairs
      .filter(belongTogether)
      .map(([one, other]) =>
        clockDifference(`${one.wanted.server.name}, ${other.wanted.server.name}`, one.clock, other.clock),
      ),
  ];
}
