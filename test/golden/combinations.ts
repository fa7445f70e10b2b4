import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { activeFacts } from '../unit/failover/sample-facts.ts';

/** The values that each fact takes; the product of all of them is looked at. */
const values = {
  held: [true, false],
  process: ['running', 'stopped', 'starting', 'stopping', null],
  storeReachable: [true, false],
  holder: ['north', 'south', null],
  freeInMs: [0, 3_000, null],
  reachable: [true, false],
  role: ['active', 'passive', 'taking-over', 'unknown', null],
  serving: [true, false],
  provenEpoch: [5, null],
  proven: [true, false, null],
  changing: [true, false],
} as const;
type Choice = { [Name in keyof typeof values]: (typeof values)[Name][number] };

function* choices(): Generator<Choice> {
  const names = Object.keys(values) as (keyof typeof values)[];
  const total = names.reduce((product, name) => product * values[name].length, 1);
  for (let index = 0; index < total; index += 1) {
    let rest = index;
    const picked = names.map((name) => {
      const value = values[name][rest % values[name].length];
      rest = Math.floor(rest / values[name].length);
      return [name, value];
    });
    yield Object.fromEntries(picked) as Choice;
  }
}

/** Every combination of the values above, also those that should never be. */
export function* combinations(): Generator<MemberFacts> {
  for (const choice of choices()) {
    const { held, process, storeReachable, holder, freeInMs, reachable, role, serving } = choice;
    yield activeFacts({
      lease: { held, storeReachable, holder, freeInMs, leftMs: held ? 3_000 : 0 },
      memory: { epoch: 5, ended: held ? 4 : 5 },
      engine: { process: { value: process, ageMs: 1 }, api: { value: process === 'running', ageMs: 1 } },
      peer: { reachable, heard: reachable, role, blockers: reachable ? [] : null },
      serving,
      storage: { provenEpoch: choice.provenEpoch, proven: { value: choice.proven, ageMs: 1 } },
      operation: choice.changing
        ? { id: 'x', kind: 'switchover', to: 'south', epoch: 5, requestedBy: 'a', reason: '' }
        : null,
    });
  }
}
