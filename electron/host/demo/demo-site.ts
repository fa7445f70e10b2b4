import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { DemoSitePort } from '../demo-site-port.ts';
import { carryOut, healAll, type DemoMeans } from './demo-actions.ts';
import { allServers, memberServers, witnessServer } from './demo-design.ts';
import { orderOf, refusalOf, withOrder, type DemoFaultOrder, type FaultInForce } from './demo-faults.ts';

/** An orderly end must not keep a person waiting at Ctrl+C; what takes longer loses its power. */
const memberShutdownMs = 4_000;
const otherShutdownMs = 2_000;

/** What a refused fault leaves to do. */
const demoNext = 'See what is broken (npm run demo -- status), and heal it first (npm run demo -- heal).';

export interface DemoSiteParts extends DemoMeans {
  readonly site: SiteDocument;
  /** Called once, after everything has ended. */
  readonly onStopped: () => Promise<void>;
}

/** A running demo site, and the means to break and heal it. */
export interface RunningDemo extends DemoSitePort {
  /** Tells of a server that ended by itself; from then on it is shown as killed. */
  lost(server: string): void;
}

export function createDemoSite(parts: DemoSiteParts): RunningDemo {
  const { site, folders, servers, requests } = parts;
  const inTurn = oneAfterAnother();
  let inForce: readonly FaultInForce[] = [];
  let stopped: Promise<void> | undefined;

  /** A fault or healing that waited while the demo was ended would start something anew. */
  function unlessEnding(
    task: () => Promise<Result<void, ProductError>>,
  ): Promise<Result<void, ProductError>> {
    const ending = fail(
      productError('command.refused', 'The demo site is ending.', [], 'Start it again: npm start.'),
    );
    return inTurn(() => (stopped === undefined ? asResult(task) : Promise.resolve(ending)));
  }

  async function inject(order: DemoFaultOrder): Promise<Result<void, ProductError>> {
    const refusal = refusalOf(order, inForce);
    if (refusal !== undefined) return fail(productError('command.refused', refusal, [], demoNext));
    const done = await carryOut(order, parts);
    if (done.ok) inForce = withOrder(inForce, order, performance.now());
    return done;
  }

  async function heal(): Promise<Result<void, ProductError>> {
    await healAll(inForce, parts);
    inForce = [];
    return succeed(undefined);
  }

  async function endAll(): Promise<void> {
    await inTurn(() =>
      Promise.all(memberServers.map((server) => servers.shutDown(server, memberShutdownMs))),
    );
    await Promise.all([witnessServer, 'outside'].map((server) => servers.shutDown(server, otherShutdownMs)));
    await parts.onStopped();
  }

  return {
    site,
    profileDirectory: folders.profile,
    faults: () =>
      inForce.map(({ fault, beganAt }) => ({ ...fault, sinceMs: Math.round(performance.now() - beganAt) })),
    inject(request) {
      const order = orderOf(request);
      if (typeof order === 'string') return Promise.resolve(fail(productError('request.invalid', order)));
      return unlessEnding(() => inject(order));
    },
    heal: () => unlessEnding(heal),
    traffic: () => requests.traffic(),
    balancer: () => requests.balancer(),
    lost(server) {
      if (stopped !== undefined || !allServers.some((known) => known === server)) return;
      const order: DemoFaultOrder =
        server === witnessServer ? { kind: 'stop-witness' } : { kind: 'kill-server', server };
      inForce = withOrder(inForce, order, performance.now());
    },
    stop() {
      stopped ??= endAll();
      return stopped;
    },
  };
}

/** Faults and healing happen one after another, so that each meets a state that stands still. */
function oneAfterAnother(): <Value>(task: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function asResult(
  task: () => Promise<Result<void, ProductError>>,
): Promise<Result<void, ProductError>> {
  try {
    return await task();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    return fail(productError('internal', 'The demo could not carry this out.', [said]));
  }
}
