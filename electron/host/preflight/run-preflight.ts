import type { ProductError } from '../../../shared/errors.ts';
import { consoleWayCheck, consoleWays } from '../../../shared/preflight/console-ways.ts';
import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { noLook, noSignIn, signInCheck } from '../../../shared/preflight/sign-in-check.ts';
import type { LookedServer, ToldEngine } from '../../../shared/preflight/looked-server.ts';
import { siteChecks } from '../../../shared/preflight/site-checks.ts';
import { neededWays, wayCheck, type TriedWay } from '../../../shared/preflight/ways.ts';
import type { Result } from '../../../shared/result.ts';
import { checksOf } from '../install/preflight.ts';
import { lookAt, type ConnectServer } from '../install/server-work.ts';
import type { ServerConnection, SshTarget } from '../ssh/server-connection.ts';
import { askEngines, type EngineAsking } from './ask-engines.ts';
import { compareConfigurations } from './compare-configurations.ts';
import { measureClock } from './measure-clock.ts';
import type { TryTcp } from './try-console-ways.ts';
import { tryWays, type ReachedServer, type WaysToTry } from './try-ways.ts';

/** A server as the preflight reaches it. */
export interface PreflightServer {
  readonly expected: ExpectedServer;
  readonly target: () => Promise<Result<SshTarget, ProductError>>;
  /** The console is to reach its agents through its SSH server. */
  readonly throughSsh?: boolean;
}

export interface PreflightInputs {
  readonly servers: readonly PreflightServer[];
  readonly connect: ConnectServer;
  readonly wallMs: () => number;
  /** Tries the ways of this workstation's console; absent: they are not looked at. */
  readonly tcp?: TryTcp;
  /** How engines that run are asked what they tell of themselves; absent: they are not. */
  readonly engines?: EngineAsking;
  /** Ends the looking at once; what was found so far is kept. */
  readonly signal: AbortSignal;
  /** Told as soon as anything is known. */
  readonly onChecks?: (checks: readonly PreflightCheck[]) => void;
  /** Told when every server was looked at, and the ways between them come next. */
  readonly onLooked?: (findings: PreflightFindings) => void;
}

export interface PreflightFindings {
  readonly checks: readonly PreflightCheck[];
  readonly looked: readonly LookedServer[];
  readonly ways: readonly TriedWay[];
  /** Engines that have told their components. */
  readonly told: readonly ToldEngine[];
}

export interface PreflightOutcome extends PreflightFindings {
  readonly tookMs: number;
  /** It was called off: some checks are missing. */
  readonly cancelled: boolean;
}

/**
 * Looks at all servers at once, then tries every way between them; changes nothing that stays. Every server is judged,
 * also when another fails.
 */
export async function runPreflight(inputs: PreflightInputs): Promise<PreflightOutcome> {
  const { servers, signal, wallMs } = inputs;
  const startedMs = wallMs();
  const opened: ServerConnection[] = [];
  const checks: PreflightCheck[] = [];
  const found = (some: readonly PreflightCheck[]) => {
    if (signal.aborted) return;
    checks.push(...some);
    inputs.onChecks?.(some);
  };
  const called = calledOff(signal);
  let ways: readonly TriedWay[] = [];
  let told: readonly ToldEngine[] = [];
  try {
    const looks = Promise.all(servers.map((server) => lookAtOne(inputs, server, opened, found)));
    const seen = await Promise.race([looks, called]);
    const reached = (seen ?? []).flatMap((one) => one ?? []);
    if (!signal.aborted) {
      found(siteChecks(reached));
      inputs.onLooked?.({ checks: [...checks], looked: reached, ways, told });
      const tried = await tryWays(waysToTry(inputs), reached, called);
      ways = tried.between;
      found([...ways.map(wayCheck), ...tried.fromHere.map(consoleWayCheck)]);
      const asked =
        inputs.engines && !signal.aborted ? askEngines(reached, inputs.engines, wallMs()) : undefined;
      const heard = await Promise.race([asked, called]);
      told = heard?.told ?? [];
      found(heard?.checks ?? []);
      const compared = signal.aborted ? [] : await Promise.race([compareConfigurations(reached), called]);
      found(compared ?? []);
    }
    return { checks, looked: reached, ways, told, tookMs: wallMs() - startedMs, cancelled: signal.aborted };
  } finally {
    // What is still being opened closes itself: it sees that it was called off.
    for (const connection of opened) connection.close();
  }
}

function waysToTry({ servers, tcp }: PreflightInputs): WaysToTry {
  const between = neededWays(servers.map(({ expected }) => expected));
  const seen = servers.map(({ expected, throughSsh = false }) => ({ expected, throughSsh }));
  return { between, fromHere: tcp ? { ways: consoleWays(seen), tcp } : undefined };
}

function calledOff(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function lookAtOne(
  { connect, signal, wallMs }: PreflightInputs,
  { expected, target }: PreflightServer,
  opened: ServerConnection[],
  found: (checks: readonly PreflightCheck[]) => void,
): Promise<ReachedServer | undefined> {
  const way = await target();
  const connected = way.ok ? await connect(way.value) : way;
  if (!way.ok || !connected.ok) {
    if (!connected.ok) found([noSignIn(expected, connected.error)]);
    return undefined;
  }
  const connection = connected.value;
  if (signal.aborted) {
    connection.close();
    return undefined;
  }
  opened.push(connection);
  const clock = await measureClock(connection, wallMs);
  const facts = await lookAt(connection, expected);
  if (!facts.ok) {
    found([noLook(expected, facts.error)]);
    return undefined;
  }
  const { user, privilege } = way.value;
  found([
    signInCheck(expected, { user, privilege: privilege.kind, legacy: connection.legacy ?? [] }),
    ...checksOf(facts.value, expected, new Date(wallMs()).toISOString()),
  ]);
  return { expected, facts: facts.value, clock, connection };
}
