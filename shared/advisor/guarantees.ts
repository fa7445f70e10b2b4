import { leaseRunOut, timingPresetNames, timingPresets } from '../lease/timing.ts';
import type { SiteDesign } from '../setup/draft.ts';
import type { QuestionNumber } from './answers.ts';
import { criteria } from './criteria.ts';
import type { KnownSituation } from './known.ts';

/** A part that is not there, and what that costs. */
export interface MissingPart {
  readonly id: string;
  readonly part: string;
  readonly need: 'required' | 'optional';
  readonly costs: string;
}

/** A guarantee as it stands with what is there. */
export interface Promised {
  readonly id: string;
  readonly title: string;
  readonly state: 'met' | 'not-met' | 'not-known';
  readonly why: string;
}

/** What was said not to be there, the required first. What was not said is no part of it. Pure. */
export function missingParts(
  { answers: { present } }: KnownSituation,
  design: SiteDesign | null,
): MissingPart[] {
  const forMany = design === 'multi-cluster';
  const rules: readonly (readonly [boolean, Omit<MissingPart, 'need'>])[] = [
    [present.thirdMachine === 'no', thirdMachine],
    [present.storage === 'none', noStorage],
    [forMany && present.storagePerCluster === 'no', ownStorage],
    [present.balancer === 'none', noBalancer],
    [forMany && present.balancer === 'one-address', balancerByCluster],
    [present.licences === 'no', licences],
  ];
  const wishes: readonly (readonly [boolean, Omit<MissingPart, 'need'>])[] = [
    [present.storage === 'copied', copiedStorage],
    [present.secondNetwork === 'no', secondNetwork],
    [present.storageCut === 'no', storageCut],
    [present.powerSwitch === 'no', powerSwitch],
  ];
  return [
    ...rules.flatMap(([missing, part]) => (missing ? [{ ...part, need: 'required' as const }] : [])),
    ...wishes.flatMap(([missing, part]) => (missing ? [{ ...part, need: 'optional' as const }] : [])),
  ];
}

const thirdMachine = {
  id: 'third-machine',
  part: 'No third machine for the lease store',
  costs: 'Nothing fails over by itself, and the setup does not go on without one. It may be small.',
};
const noStorage = {
  id: 'storage',
  part: 'No storage that both servers see',
  costs: 'Queues stay on the server that died: messages are lost, and none goes on at its place.',
};
const copiedStorage = {
  id: 'copied',
  part: 'Storage is copied, not shared',
  costs: 'No loss is not guaranteed: what was written after the last complete copy is lost with its server.',
};
const ownStorage = {
  id: 'storage-per-cluster',
  part: 'No storage of its own for every cluster',
  costs: 'Two clusters cannot share a directory: Multi-Cluster cannot be set up.',
};
const noBalancer = {
  id: 'balancer',
  part: 'No load balancer',
  costs: 'Senders do not find the new Active by themselves: only pollers go on.',
};
const balancerByCluster = {
  id: 'balancer-by-cluster',
  part: 'The load balancer cannot route by cluster',
  costs: 'It would send both clusters to one server: each needs a port, a path or an address of its own.',
};
const licences = {
  id: 'licences',
  part: 'A licence that covers everything on one server',
  costs: 'After a failover components that the licence does not cover stay off, and their messages wait.',
};
const secondNetwork = {
  id: 'second-network',
  part: 'No second heartbeat network',
  costs: 'When the one network is cut the servers know of each other only through the lease store.',
};
const storageCut = {
  id: 'storage-cut',
  part: 'No way to cut storage',
  costs: 'A server that was frozen and thaws could write late; that is seen and shown, not prevented.',
};
const powerSwitch = {
  id: 'power-switch',
  part: 'No power switch',
  costs: 'A forced takeover without the lease store needs someone at the rack.',
};

/** Every guarantee of the designs, met or not with what is there. Pure. */
export function promises(known: KnownSituation, design: SiteDesign | null): Promised[] {
  const { present, pollers } = known.answers;
  const { storage } = present;
  return [
    judged('failover', 'Automatic failover when a server fails', present.thirdMachine, {
      yes: 'A lease store on a third machine decides.',
      no: 'Nobody decides without a third machine.',
    }),
    lossOf(storage),
    {
      id: 'position',
      title: 'Work goes on at the right queue position, in order',
      state: storage === null ? 'not-known' : storage === 'none' ? 'not-met' : 'met',
      why:
        storage === null
          ? 'Which storage there is was not answered.'
          : storage === 'none'
            ? 'The queues stay on the server that died.'
            : storage === 'copied'
              ? 'From the last complete copy on.'
              : 'Both servers see the same queues.',
    },
    {
      id: 'senders',
      title: 'Senders reach the new Active by themselves',
      state: present.balancer === null ? 'not-known' : present.balancer === 'none' ? 'not-met' : 'met',
      why:
        present.balancer === null
          ? 'Whether there is a load balancer was not answered.'
          : present.balancer === 'none'
            ? 'Nothing leads them there without a load balancer.'
            : 'The load balancer asks every member whether it is Active.',
    },
    {
      id: 'pollers',
      title: 'Pollers run once',
      state: 'met',
      why:
        pollers.amount === 'none'
          ? 'There are none.'
          : 'They are started on the Active only, after everything else.',
    },
    ...(design === 'multi-cluster' ? [isolationOf(known)] : []),
    ...downtimeOf(known),
  ];
}

function judged(
  id: string,
  title: string,
  answer: 'yes' | 'no' | null,
  why: { readonly yes: string; readonly no: string },
): Promised {
  if (answer === null) return { id, title, state: 'not-known', why: 'That was not answered.' };
  return { id, title, state: answer === 'yes' ? 'met' : 'not-met', why: why[answer] };
}

function lossOf(storage: 'shared' | 'copied' | 'none' | null): Promised {
  const title = 'No acknowledged message is lost';
  if (storage === null)
    return { id: 'loss', title, state: 'not-known', why: 'Which storage there is was not answered.' };
  if (storage === 'shared') {
    const why = 'Both servers see the same storage; it must itself survive the failure of a server.';
    return { id: 'loss', title, state: 'met', why };
  }
  const why =
    storage === 'copied'
      ? 'What was written after the last complete copy is lost with its server.'
      : 'What the dead server held is lost with it.';
  return { id: 'loss', title, state: 'not-met', why };
}

function isolationOf({ answers: { present } }: KnownSituation): Promised {
  const title = 'A failover of one cluster leaves the other alone';
  const { balancer, storagePerCluster } = present;
  const about = { id: 'isolation', title };
  if (storagePerCluster === 'no')
    return { ...about, state: 'not-met', why: 'The clusters would share their storage.' };
  if (balancer === 'one-address' || balancer === 'none') {
    return { ...about, state: 'not-met', why: 'The load balancer does not tell the clusters apart.' };
  }
  if (balancer === null || storagePerCluster === null) {
    return { ...about, state: 'not-known', why: 'Storage and balancer for each cluster were not answered.' };
  }
  return { ...about, state: 'met', why: 'Lease, storage and routes of each cluster are its own.' };
}

/** By the lease alone, computed for every preset: storage proof and engine start come on top and are measured. */
function downtimeOf({ answers: { tolerated } }: KnownSituation): Promised[] {
  const seconds = tolerated.downtimeSeconds;
  if (seconds === null) return [];
  const about = { id: 'downtime', title: `Without an Active for ${seconds} s at most` };
  const fitting = timingPresetNames.filter((name) => leaseRunOut(timingPresets[name]).worst < seconds);
  if (fitting.length === 0) {
    const fastest = Math.min(...timingPresetNames.map((name) => leaseRunOut(timingPresets[name]).worst));
    const why = `Even with the fastest timing a lease runs out after up to ${fastest.toFixed(1)} s (computed), before the engine starts.`;
    return [{ ...about, state: 'not-met', why }];
  }
  const why = `By its lease alone (computed) with ${fitting.join(', ')}; how long the engine starts is measured on the servers.`;
  return [{ ...about, state: 'not-known', why }];
}

/** What is not answered, question by question, in the order of the questions. Pure. */
export function openFacts(known: KnownSituation): { question: QuestionNumber; says: string }[] {
  const byCriterion = criteria
    .filter((criterion) => criterion.judge(known) === null)
    .map(({ question, title }) => ({ question, says: `${title}: not known.` }));
  const { present, tolerated } = known.answers;
  const more: { question: QuestionNumber; says: string }[] = [];
  if (known.divisible === null) {
    more.push({
      question: 3,
      says: 'Whether the interfaces can be divided without breaking an order: not known.',
    });
  }
  if (present.storage === null) more.push({ question: 5, says: 'Which storage there is: not known.' });
  if (present.thirdMachine === null)
    more.push({ question: 5, says: 'A third machine for the lease store: not known.' });
  if (tolerated.loss === null) more.push({ question: 5, says: 'How much loss is tolerated: not known.' });
  return [...byCriterion, ...more].sort((one, other) => one.question - other.question);
}
