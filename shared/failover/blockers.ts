import type { Blocker } from '../agent-api/member-snapshot.ts';
import type { MemberFacts } from './member-facts.ts';
import { peerAliveWords } from './rules/forced-words.ts';
import { outsiderAtPeer, outsiderCode } from './rules/rule.ts';
import { peerEngineRuns } from './rules/taking-over.ts';

/**
 * Why a planned change would be refused now, each with its remedy; empty: it would be accepted.
 * On the Active it answers "can it hand over", on a Passive "could it take over".
 */
export function changeBlockers(facts: MemberFacts): Blocker[] {
  if (facts.self.mode !== undefined) return [notArmed];
  return facts.lease.held ? handOverBlockers(facts) : takeOverBlockers(facts);
}

const notArmed = blocker(
  'not-armed',
  'The site is not armed yet: nothing is started, stopped or moved.',
  'Arm it once nothing speaks against that.',
);

/** Why a member that observes could not be armed now, by what it sees from its own server; empty: it could. */
export function armingBlockers(f: MemberFacts): Blocker[] {
  const { lease, peer, storage, engine } = f;
  const blockers = [...stateBlockers(f), ...outsiderBlockers(f), ...(f.lookedOnce ? [] : [notObserved])];
  if (!lease.storeReachable) {
    const reason = `It does not reach the lease store${lease.trouble === null ? '' : `: ${lease.trouble}`}.`;
    blockers.push(blocker('store-silent', reason, 'Check the way from this server to the lease store.'));
  }
  if (!peer.heard) {
    const remedy = `Start the agent of ${peer.name}, or check the network between the members.`;
    blockers.push(blocker('peer-silent', `${peer.name} does not answer.`, remedy));
  }
  if (storage.proven.value !== true) blockers.push(storageBlocker(f));
  if (engine.process.value === null) {
    const reason = `Whether its engine runs is not known: ${engine.process.why ?? 'not looked at yet'}.`;
    blockers.push(blocker('engine-unknown', reason, 'See that the engine is a service of this server.'));
  }
  if (engine.process.value === 'running' && engine.api.value === false) {
    const reason = `The API of its engine does not answer as it should: ${engine.api.why ?? 'no answer'}.`;
    blockers.push(blocker('engine-silent', reason, 'Check the port, account and password of the engine.'));
  }
  if (engine.process.value === 'running' && peer.heard && peer.engineRunning === true) {
    const reason = `The engine of ${peer.name} runs too.`;
    blockers.push(blocker('both-run', reason, 'Stop the one that does not process messages.'));
  }
  return blockers;
}

function handOverBlockers(f: MemberFacts): Blocker[] {
  const blockers = [...outsiderBlockers(f), ...maintenanceBlockers(f)];
  if (f.operation !== null) {
    blockers.push(
      blocker('change-running', `A ${f.operation.kind} is already under way.`, 'Wait until it has ended.'),
    );
  }
  if (!f.lease.storeReachable) {
    blockers.push(
      blocker(
        'store-silent',
        f.lease.trouble === null
          ? 'The lease store does not answer.'
          : `The lease store cannot be used: ${f.lease.trouble}.`,
        'Bring the lease store or the way to it back first.',
      ),
    );
  }
  if (f.forced.livesOn !== null) {
    const reason = `${f.self.name} runs without the lease store at a person’s word.`;
    blockers.push(blocker('forced', reason, 'Bring the lease store back first.'));
  }
  if (f.lease.storeReachable && f.peerMode.livesOn !== null) {
    const reason = `${f.self.name} goes on without a lease, on the promise of ${f.peer.name}.`;
    blockers.push(blocker('on-promise', reason, 'Wait until it has its lease again.'));
  }
  if (!f.serving) {
    blockers.push(
      blocker('not-serving', `${f.self.name} has not finished becoming Active.`, 'Wait until it is Active.'),
    );
  }
  if (!f.peer.reachable) {
    blockers.push(
      blocker(
        'peer-silent',
        `${f.peer.name} does not answer.`,
        `Bring ${f.peer.name} or the network between the members back first.`,
      ),
    );
  } else if (f.peer.blockers === null) {
    blockers.push(
      blocker('peer-unknown', `Whether ${f.peer.name} is fit is not known yet.`, 'Wait for its next report.'),
    );
  } else {
    blockers.push(
      ...f.peer.blockers.map((own) =>
        blocker(`peer-${own.code}`, `${f.peer.name}: ${own.reason}`, own.remedy),
      ),
    );
  }
  return blockers;
}

function stateBlockers({ memory, peer }: MemberFacts): Blocker[] {
  if (memory.damaged !== null) {
    const reason = `Its durable state cannot be trusted: ${memory.damaged}.`;
    const remedy = memory.needsPerson
      ? 'Have it re-admitted: ixha readmit.'
      : `It begins anew by itself once the lease store and ${peer.name} answer.`;
    return [blocker('state-damaged', reason, remedy)];
  }
  if (memory.unwritable === null) return [];
  const reason = `Its durable state cannot be written: ${memory.unwritable}`;
  const remedy = 'Make room on the disk of this server, or make it writable again.';
  return [blocker('state-unwritable', reason, remedy)];
}

/** Whoever it is, it works on while the cluster moves. */
function outsiderBlockers({ engine }: MemberFacts): Blocker[] {
  if (engine.outsider === null) return [];
  const reason = `An engine runs there outside its service: ${engine.outsider}.`;
  return [blocker(outsiderCode, reason, 'Find out who started it, and end it by hand.')];
}

function maintenanceBlockers({ lease: { maintenance } }: MemberFacts): Blocker[] {
  if (maintenance === null) return [];
  const reason = `Maintenance of ${maintenance.by} is under way.`;
  return [blocker('maintenance', reason, 'End the maintenance first.')];
}

function siteBlockers({ self }: MemberFacts): Blocker[] {
  if (!self.mustNot) return [];
  const remedy = 'Let the other member serve, or change that in the site document.';
  return [blocker('must-not', 'The site says that it must not become Active.', remedy)];
}

/** Why this member could not take over at a person's word now: also what only waits. */
export function failoverBlockers(f: MemberFacts): Blocker[] {
  const { lease, peer } = f;
  const blockers = [...takeOverBlockers(f), ...maintenanceBlockers(f)];
  if (lease.freeInMs === null || lease.freeInMs > 0) {
    const left = lease.freeInMs === null ? '' : ` for another ${Math.ceil(lease.freeInMs / 1000)} s`;
    const holder = lease.holder === peer.server ? peer.name : 'Somebody else';
    const remedy = `Ask for a switchover while ${peer.name} answers; once it is silent, its lease runs out.`;
    blockers.push(blocker('lease-live', `${holder} holds the lease${left}.`, remedy));
  }
  if (peerEngineRuns(f)) {
    const reason = `${peer.name} says that its engine runs.`;
    blockers.push(blocker('peer-engine-runs', reason, `Ask for a switchover, or stop it on ${peer.name}.`));
  }
  if (outsiderAtPeer(f)) {
    const reason = `An engine runs on ${peer.name} outside its service.`;
    blockers.push(blocker('peer-engine-outside', reason, 'Find out who started it, and end it by hand.'));
  }
  return blockers;
}

/**
 * Why a takeover cannot be forced here now. Not among them: a live lease and the silence that must have lasted, which
 * are waited for, and everything that only says who should be Active.
 */
export function forcedBlockers(f: MemberFacts): Blocker[] {
  return [
    ...answeringPeerBlockers(f),
    ...(mayBeginAnew(f) ? [] : stateBlockers(f)),
    ...outsiderBlockers(f),
    ...siteBlockers(f),
    // Without the store nobody could end it, and what it last said of maintenance is no reason for an outage.
    ...(f.lease.storeReachable ? maintenanceBlockers(f) : []),
    ...(f.lookedOnce ? [] : [notObserved]),
    ...groundBlockers(f),
  ];
}

/** A state that cannot be trusted begins anew at the person's word that the peer, who cannot be asked, is fenced. */
function mayBeginAnew({ memory, lease }: MemberFacts): boolean {
  return memory.damaged !== null && !memory.needsPerson && lease.storeReachable && lease.storeEpoch !== null;
}

/** A server that answers is neither off nor cut off, and there are ways without risk. */
function answeringPeerBlockers({ peer, self }: MemberFacts): Blocker[] {
  const alive = peerAliveWords({ peer });
  if (alive === null) return [];
  const { name } = peer;
  if (!peer.reachable) {
    const remedy = `Bring the way from ${self.name} to ${name} back, or cut ${name} off.`;
    return [blocker('peer-beats', `${alive}.`, remedy)];
  }
  if (peer.role === 'active') {
    const remedy = `Ask for a switchover to ${self.name}: it moves the cluster without risk.`;
    return [blocker('peer-active', `${name} answers and is Active.`, remedy)];
  }
  const remedy = `While nobody holds the lease, ask for a failover instead; ixha why tells what holds ${name} back.`;
  return [blocker('peer-answers', `${name} answers, so its server is neither off nor cut off.`, remedy)];
}

const notObserved = blocker(
  'not-observed',
  'It has just started.',
  'Wait until it has looked at everything once.',
);

function storageBlocker({ storage }: MemberFacts): Blocker {
  return blocker(
    'storage',
    `Its storage is not proven: ${storage.proven.why ?? 'not looked at yet'}.`,
    'Mount the shared directory of this cluster there and check its rights.',
  );
}

/** What stands under an engine on this server. */
function groundBlockers(f: MemberFacts): Blocker[] {
  const blockers: Blocker[] = [];
  if (f.storage.proven.value !== true) blockers.push(storageBlocker(f));
  if (f.guards.beating < 2) {
    blockers.push(
      blocker('guards', `${f.guards.beating} of 2 guards beat.`, 'Start the guards on this server.'),
    );
  }
  if (f.engine.process.value !== 'stopped') {
    blockers.push(
      blocker('engine', 'Its engine is not proven stopped.', 'Find out who started it and stop it.'),
    );
  }
  return blockers;
}

function forcedOutBlockers({ forced }: MemberFacts): Blocker[] {
  if (forced.expelled === null) return [];
  const reason = `A person has let the other member go on without this one, under epoch ${forced.expelled.epoch}.`;
  return [blocker('forced-out', reason, 'Re-admit this member once the lease store knows of it.')];
}

function takeOverBlockers(f: MemberFacts): Blocker[] {
  const blockers = [...stateBlockers(f), ...outsiderBlockers(f), ...siteBlockers(f), ...forcedOutBlockers(f)];
  if (!f.observedOnce) {
    blockers.push(notObserved);
  }
  if (!f.lease.storeReachable) {
    blockers.push(
      blocker(
        'store-silent',
        f.lease.trouble === null
          ? 'It does not reach the lease store.'
          : `It cannot use the lease store: ${f.lease.trouble}.`,
        'Check the way from this server to the lease store.',
      ),
    );
  }
  if (f.storage.aheadOfStore !== null) {
    const reason = `The lease store has not granted epoch ${f.storage.aheadOfStore}, which the storage carries.`;
    blockers.push(blocker('store-behind', reason, 'Have the lease store replaced: ixha replace-store.'));
  }
  if (f.peerMode.given !== null) {
    const reason = `It has promised ${f.peer.name} not to take over while the lease store is lost.`;
    blockers.push(blocker('promise-given', reason, 'Bring the lease store back first.'));
  }
  blockers.push(...groundBlockers(f));
  if (f.acquireWaitMs > 0) {
    const left = `${Math.ceil(f.acquireWaitMs / 1000)} s`;
    blockers.push(
      f.standsBack
        ? blocker(
            'stands-back',
            `It could not serve and waits another ${left}.`,
            'Find out why in its journal.',
          )
        : blocker(
            'unclean-end',
            `Its own last lease did not end cleanly; it waits another ${left}.`,
            'Wait.',
          ),
    );
  }
  return blockers;
}

function blocker(code: string, reason: string, remedy: string): Blocker {
  return { code, reason, remedy };
}
