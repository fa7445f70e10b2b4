import type { MemberFacts } from '../member-facts.ts';
import {
  act,
  engineMayRun,
  engineOff,
  holdsLease,
  minutes,
  pausing,
  peerFit,
  seconds,
  tryStep,
  wait,
  type Rule,
  type RuleOutcome,
} from './rule.ts';

export const forbiddenRules: readonly Rule[] = [
  {
    id: 'R00',
    diagnosis: 'emergency-stop',
    meaning: 'The engine is being stopped because its lease runs out or is lost: nothing else is begun.',
    matches: (f) => f.emergency,
    decide: (f) =>
      wait(
        `${f.self.name} stops its engine`,
        'its lease runs out or is lost; nothing else is begun meanwhile',
      ),
  },
  {
    id: 'R01',
    diagnosis: 'state-damaged',
    meaning:
      'The durable state cannot be trusted: never Active. It is begun anew with the highest epoch that store and peer know; one of another member or machine only after a person has re-admitted this one.',
    matches: (f) => f.memory.damaged !== null,
    decide: damagedState,
  },
  {
    id: 'R02',
    diagnosis: 'engine-state-unknown',
    meaning: 'Whether the engine runs is not known and no lease is held: nothing is started.',
    matches: (f) => f.engine.process.value === null && !f.lease.held && f.inherited === null,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        `whether its engine runs is not known: ${f.engine.process.why ?? 'not looked at yet'}`,
      ),
  },
  {
    id: 'R03',
    diagnosis: 'agent-restarted',
    meaning:
      'A restarted agent finds its engine running under a guard deadline: it renews before anything else.',
    matches: (f) => f.inherited !== null && f.inherited.stopInMs > 0 && !f.lease.held && engineMayRun(f),
    decide: (f) =>
      wait(
        `${f.self.name} keeps its engine running`,
        `the agent was restarted and proves the lease of epoch ${f.inherited?.epoch ?? 0}; the engine is stopped in ${seconds(f.inherited?.stopInMs ?? 0)} otherwise`,
      ),
  },
  {
    id: 'R04',
    diagnosis: 'engine-without-lease',
    meaning: 'An engine runs here without a lease: it is killed at once.',
    matches: (f) => !f.lease.held && engineMayRun(f),
    decide: (f) =>
      act(f, `${f.self.name} stops its engine at once`, 'it runs without a lease', 'kill-engine'),
  },
  {
    id: 'R05',
    diagnosis: 'guards-silent',
    meaning: 'Both guards are silent while the engine runs: nothing would kill it in time, so it is stopped.',
    matches: (f) => engineMayRun(f) && f.guards.allSilent,
    decide: (f) =>
      act(
        f,
        `${f.self.name} stops its engine at once`,
        'both guards are silent, so nothing would stop it in time',
        'kill-engine',
      ),
  },
  {
    id: 'R43',
    diagnosis: 'storage-taken-over',
    meaning:
      'The storage carries a newer epoch than the one that the engine runs under: another member has taken it over, whatever the lease says, so the engine is killed at once.',
    matches: (f) => engineMayRun(f) && f.storage.newerGeneration !== null,
    decide: (f) =>
      act(
        f,
        `${f.self.name} stops its engine at once`,
        `its storage belongs to epoch ${f.storage.newerGeneration ?? 0} and it runs under epoch ${f.memory.epoch}: another engine has been started on it since`,
        'kill-engine',
      ),
  },
  {
    id: 'R06',
    diagnosis: 'guard-silent',
    meaning: 'One guard is silent: it is restarted, the other one protects meanwhile.',
    matches: (f) =>
      f.guards.beating < 2 && f.observedOnce && !pausing(f, 'restart-guards') && engineMayRun(f),
    decide: (f) =>
      act(f, `${f.self.name} restarts a guard`, 'one of its two guards is silent', 'restart-guards'),
  },
  {
    id: 'R07',
    diagnosis: 'epoch-ended',
    meaning: 'The epoch has ended on this member: the store is told until it has confirmed.',
    matches: (f) => f.lease.releasing,
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} releases the lease`,
        `epoch ${f.memory.ended} has ended here and the store has not confirmed it yet`,
        'release',
        { reservedFor: f.operation?.to ?? (peerFit(f) ? f.peer.server : null) },
      ),
  },
  {
    id: 'R09',
    diagnosis: 'server-stops',
    meaning:
      'The whole server shuts down and its engine has stopped: the lease is given back, nothing is begun.',
    matches: (f) => f.serverStops !== 'no' && engineOff(f),
    decide: (f) =>
      f.serverStops === 'yes' && holdsLease(f)
        ? tryStep(
            f,
            `${f.self.name} gives the lease back`,
            'its server shuts down and its engine has stopped',
            'end-epoch',
          )
        : wait(
            `${f.self.name} begins nothing`,
            f.serverStops === 'yes'
              ? 'its server shuts down'
              : 'its engine has ended; whether its server shuts down is being asked',
          ),
  },
  {
    id: 'R08',
    diagnosis: 'maintenance',
    meaning:
      'Maintenance: the lease is kept, but nothing is started, stopped or moved by the agents. At its end the lease is proven by a new renewal before anything is started.',
    matches: (f) => (f.lease.maintenance !== null || unproven(f)) && f.operation === null,
    withholds: (f) => ({ ...f, lease: { ...f.lease, maintenance: null, unprovenSinceMaintenance: false } }),
    decide: (f) => (f.lease.maintenance === null ? provesFirst(f) : staysAsItIs(f)),
  },
];

function staysAsItIs(f: MemberFacts): RuleOutcome {
  return {
    verdict: f.lease.held && !f.serving ? 'ask-admin' : 'wait',
    headline: `${f.self.name} stays as it is`,
    reason: `maintenance of ${f.lease.maintenance?.by ?? ''} for another ${minutes(f.lease.maintenance?.leftMs ?? 0)}${because(f.lease.maintenance?.reason)}; ${maintenanceMeans(f)}`,
    steps: [],
  };
}

/** While it lives on the peer's promise there is nothing to renew. */
function unproven(f: MemberFacts): boolean {
  return f.lease.unprovenSinceMaintenance && !f.serving && f.peerMode.livesOn === null;
}

function provesFirst(f: MemberFacts): RuleOutcome {
  return wait(
    `${f.self.name} proves its lease`,
    'the maintenance has ended; nothing is started before a new renewal',
  );
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`;
}

function maintenanceMeans(f: MemberFacts): string {
  if (!f.lease.held) return 'it does not take over before that ends';
  return f.serving ? 'it serves and keeps the lease' : 'its engine does not serve, and nobody starts it';
}

function damagedState(f: MemberFacts): RuleOutcome {
  const why = `its durable state cannot be trusted: ${f.memory.damaged}`;
  if (engineMayRun(f) && f.inherited === null)
    return act(f, `${f.self.name} stops its engine`, why, 'kill-engine');
  const headline = `${f.self.name} ${f.memory.missing ? 'is not ready to be Active' : 'refuses to be Active'}`;
  if (f.memory.needsPerson) {
    const reason = `${why}; a person must re-admit it`;
    return { verdict: 'blocked', headline, reason, steps: [] };
  }
  const epoch = highestKnownEpoch(f);
  if (epoch === null) {
    const reason = `${why}; it is begun anew once store and peer tell the highest epoch${orForced(f)}`;
    return { verdict: 'blocked', headline, reason, steps: [] };
  }
  return tryStep(
    f,
    `${f.self.name} begins its state anew`,
    `${why}; epoch ${epoch} is the highest known`,
    'rebuild-state',
    {
      epoch,
    },
  );
}

/** With the peer gone for good nobody else would ever let it begin. */
function orForced({ lease, peer }: MemberFacts): string {
  const nobodyServes = lease.storeReachable && lease.freeInMs === 0 && !peer.reachable;
  return nobodyServes ? `; if ${peer.name} is off for good, a person can force the takeover` : '';
}

/**
 * What store and peer agree on as the last epoch; null: one of them is not heard, or the peer may be Active without
 * the store's knowledge. A promise that this member has given may have been lost with its state: it ends only by the
 * peer's own word that it counts on none, since a lease that the store shows may be one that the peer knows nothing of.
 */
function highestKnownEpoch({ lease, peer }: MemberFacts): number | null {
  if (!lease.storeReachable || lease.storeEpoch === null || !peer.reachable || peer.epoch === null)
    return null;
  if (peer.onPromise !== false) return null;
  const holds = lease.holder === peer.server && (lease.freeInMs ?? 0) > 0;
  if (!holds && peer.engineRunning !== false) return null;
  return Math.max(lease.storeEpoch, peer.epoch);
}
