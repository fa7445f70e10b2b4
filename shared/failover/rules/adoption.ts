import type { MemberFacts } from '../member-facts.ts';
import { asIfArmed } from './as-if-armed.ts';
import { pausing, seconds, tryStep, wait, type Rule, type RuleOutcome } from './rule.ts';

/**
 * Adopting a site that runs already: docs/adoption.md. They come before all others, since an engine that ran before
 * this product was there is not killed for having no lease.
 */
export const adoptionRules: readonly Rule[] = [
  {
    id: 'R70',
    diagnosis: 'observing',
    meaning:
      'The site is only observed: nothing is done, and what an armed member would decide is told beside it.',
    matches: (f) => f.self.mode === 'observe',
    withholds: asIfArmed,
    tellsWhatever: true,
    decide: (f) => wait(`${f.self.name} only observes`, `nothing is done${runsWords(f)}`),
  },
  {
    id: 'R71',
    diagnosis: 'adoption-proves',
    meaning:
      'While a running engine is taken over: a restarted agent finds the guards’ deadline of before and proves its lease first.',
    matches: (f) => arming(f) && !f.lease.held && (f.inherited?.stopInMs ?? 0) > 0,
    decide: (f) =>
      wait(
        `${f.self.name} keeps its engine running`,
        `its agent was restarted while it takes the engine over, and proves the lease of epoch ${f.inherited?.epoch ?? 0}`,
      ),
  },
  {
    id: 'R72',
    diagnosis: 'adoption-lease',
    meaning:
      'While a running engine is taken over: the lease is acquired for it, if nothing speaks against that. The engine runs on meanwhile, whatever happens.',
    matches: (f) => arming(f) && !f.lease.held,
    decide: acquireForEngine,
  },
  {
    id: 'R73',
    diagnosis: 'adoption-engine',
    meaning:
      'While a running engine is taken over: the lease is held; the storage is proven, and the guards’ deadline is written before any guard runs.',
    matches: (f) => arming(f) && !adopted(f),
    decide: (f) =>
      engineRuns(f)
        ? tryStep(
            f,
            `${f.self.name} takes its engine over`,
            `it holds the lease of epoch ${f.memory.epoch} for the engine that runs already`,
            'adopt-engine',
          )
        : wait(
            `${f.self.name} takes no engine over`,
            'it holds the lease, but its engine is not seen running',
          ),
  },
  {
    id: 'R74',
    diagnosis: 'adoption-done',
    meaning: 'A running engine has been taken over: its guards and the other member are armed next.',
    matches: arming,
    decide: (f) =>
      wait(
        `${f.self.name} has taken its engine over`,
        `it holds the lease of epoch ${f.memory.epoch}; ${f.guards.beating} of 2 guards beat, and arming goes on`,
      ),
  },
];

function arming({ self }: MemberFacts): boolean {
  return self.mode === 'arming';
}

function engineRuns({ engine }: MemberFacts): boolean {
  return engine.process.value === 'running';
}

/** The guards' deadline stands for the engine that runs, and it is served. */
function adopted(f: MemberFacts): boolean {
  return f.lease.held && f.serving && f.engine.startedEpoch === f.memory.epoch;
}

function acquireForEngine(f: MemberFacts): RuleOutcome {
  const headline = `${f.self.name} takes its engine over`;
  const why = notYet(f);
  if (why !== null) return wait(headline, `not yet: ${why}`);
  return pausing(f, 'acquire')
    ? wait(headline, `asked for the lease, ${f.failures.acquire?.why}`)
    : tryStep(f, headline, 'its engine runs and nobody holds the lease: it is acquired for it', 'acquire', {
        planned: true,
      });
}

/** Why the lease is not asked for now; null: it may be. */
function notYet(f: MemberFacts): string | null {
  const { memory, engine, storage, peer, lease } = f;
  if (memory.damaged !== null) return `its durable state cannot be trusted: ${memory.damaged}`;
  if (memory.unwritable !== null) return `its state cannot be written: ${memory.unwritable}`;
  if (!f.observedOnce) return 'it has just started and looks at everything once';
  if (!engineRuns(f)) return `its engine is not seen running${because(engine.process.why)}`;
  if (engine.outsider !== null) return `an engine runs outside its service: ${engine.outsider}`;
  if (storage.proven.value !== true) return `its storage is not proven${because(storage.proven.why)}`;
  if (!peer.heard || peer.engineRunning === null)
    return `whether the engine of ${peer.name} runs is not known`;
  if (peer.engineRunning) return `CONFLICT: the engine of ${peer.name} runs too`;
  if (!lease.storeReachable) return `the lease store does not answer${because(lease.trouble ?? undefined)}`;
  if ((lease.freeInMs ?? 0) > 0) return `the lease is free in ${seconds(lease.freeInMs ?? 0)}`;
  return null;
}

function because(why: string | undefined): string {
  return why === undefined ? '' : `: ${why}`;
}

function runsWords({ engine }: MemberFacts): string {
  switch (engine.process.value) {
    case null:
      return ', and whether its engine runs is not known';
    case 'stopped':
      return '; its engine is stopped';
    default:
      return '; its engine runs without protection';
  }
}
