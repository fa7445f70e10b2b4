import { noAnswers, type AdvisorAnswers } from '../../../shared/advisor/answers.ts';

type Changes = { [Key in keyof AdvisorAnswers]?: Partial<AdvisorAnswers[Key]> | AdvisorAnswers[Key] };

/** A site that speaks for Multi-Cluster, with some answers changed. */
export function throughputAnswers(changes: Changes = {}): AdvisorAnswers {
  return withAnswers(
    {
      schema: 1,
      order: 'within',
      pollers: { amount: 'some', kinds: ['database', 'file'], count: 4, doubleRead: 'harmful' },
      load: {
        priority: 'throughput',
        perSecond: 28,
        perSecondInTwoYears: 30,
        capacityPerSecond: 48,
        interfaces: 23,
        divisible: 'yes',
        acceptsOverload: false,
      },
      team: { effort: 'some', onCall: 3, experience: 'some', changesPerMonth: 4 },
      present: {
        storage: 'shared',
        storagePerCluster: 'yes',
        balancer: 'by-cluster',
        thirdMachine: 'yes',
        secondNetwork: 'yes',
        storageCut: 'yes',
        powerSwitch: 'no',
        licences: 'yes',
      },
      tolerated: { downtimeSeconds: 120, loss: 'none' },
      sites: 1,
      interfaces: [],
    },
    changes,
  );
}

/** Nothing is answered but what is given. */
export function onlyAnswers(changes: Changes): AdvisorAnswers {
  return withAnswers(noAnswers, changes);
}

function withAnswers(base: AdvisorAnswers, changes: Changes): AdvisorAnswers {
  const changed: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const before = changed[key];
    const isPart = typeof before === 'object' && before !== null && !Array.isArray(before);
    changed[key] = isPart ? { ...before, ...(value as object) } : value;
  }
  return changed as AdvisorAnswers;
}
