import type { EngineLook } from '../../../shared/engine/engine-look.ts';
import { engineToldChecks } from '../../../shared/preflight/engine-told-checks.ts';
import { engineTimesCheck } from '../../../shared/preflight/engine-times-check.ts';
import type { ExpectedEngine } from '../../../shared/preflight/expected-server.ts';
import type { ToldEngine } from '../../../shared/preflight/looked-server.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { notedTimes } from '../setup/engine-times.ts';
import { throughTunnel, untold, type LookAtEngine } from './look-at-engine.ts';
import type { ReachedServer } from './try-ways.ts';

export interface EngineAsking {
  /** Of the account of the engines' API; null: it is not at hand. */
  readonly password: () => Promise<string | null>;
  readonly look: LookAtEngine;
}

/** What was heard of the engines. */
export interface AskedEngines {
  readonly checks: readonly PreflightCheck[];
  /** Those that have told their components. */
  readonly told: readonly ToldEngine[];
}

/**
 * Asks every engine that runs for its components and its licence, and the journals for how long each has started and
 * stopped, over SSH. There are checks of each, also where nothing is known.
 */
export async function askEngines(
  reached: readonly ReachedServer[],
  { password, look }: EngineAsking,
  wallMs: number,
): Promise<AskedEngines> {
  const secret = await password();
  const asked = reached.flatMap((server) =>
    server.expected.engines
      // That a service is missing is said by its own check.
      .filter(({ unit }) => server.facts.units.get(unit)?.loadState === 'loaded')
      .map(async (engine) => {
        const { expected, connection } = server;
        const [told, noted] = await Promise.all([
          askOne(server, engine, secret, look),
          notedTimes(connection, [engine.unit]),
        ]);
        const { components } = told;
        const { server: where } = expected;
        return {
          checks: [
            ...engineToldChecks(expected, engine, told, wallMs),
            engineTimesCheck(expected, engine, noted),
          ],
          told:
            'names' in components
              ? [{ server: where.id, unit: engine.unit, components: components.names }]
              : [],
        };
      }),
  );
  const engines = await Promise.all(asked);
  return {
    checks: engines.flatMap(({ checks }) => checks),
    told: engines.flatMap(({ told }) => told),
  };
}

async function askOne(
  { facts, connection }: ReachedServer,
  { unit, apiPort, apiUser }: ExpectedEngine,
  password: string | null,
  look: LookAtEngine,
): Promise<EngineLook> {
  if (facts.units.get(unit)?.activeState !== 'active') return untold('the engine does not run here');
  if (password === null) return untold('the password of its account is not at hand');
  const { forward } = connection;
  if (forward === undefined) return untold('nothing leads to its API');
  const open = () => forward('127.0.0.1', apiPort);
  const first = await open();
  if (!first.ok) return untold(first.error.message.replace(/\.$/, ''));
  first.value.destroy();
  return throughTunnel(open, (port) => look({ port, user: apiUser, password }));
}
