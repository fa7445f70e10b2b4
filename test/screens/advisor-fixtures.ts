import type { AdvisorView } from '../../shared/advisor/advisor-view.ts';
import { noAnswers } from '../../shared/advisor/answers.ts';
import { throughputAnswers } from '../unit/advisor/sample-answers.ts';

const empty: AdvisorView = {
  keptFor: 'workstation',
  record: { schema: 1, revision: 0, answers: noAnswers, changed: null, decision: null },
  installed: null,
};

/** Fourteen and nine interfaces, some of which must stay together. */
const interfaces = Array.from({ length: 23 }, (_, index) => ({
  name: index === 0 ? 'ADT in' : `Interface ${index + 1}`,
  perSecond: [3, 2, 1, 0.5][index % 4]!,
  together: index === 4 || index === 9 ? ['ADT in'] : [],
}));

const answered: AdvisorView = {
  ...empty,
  keptFor: 'site',
  record: {
    ...empty.record,
    revision: 7,
    answers: throughputAnswers({ interfaces, load: { interfaces: null } }),
    changed: { by: 'admin-1', at: '2026-09-04T08:12:00.000Z' },
  },
  installed: {
    design: 'multi-cluster',
    clusters: [
      {
        id: 'WK1',
        storage: 'shared',
        interfaces: interfaces.slice(0, 14).map(({ name }) => name),
        pollers: 2,
      },
      { id: 'WK2', storage: 'shared', interfaces: interfaces.slice(14).map(({ name }) => name), pollers: 2 },
    ],
  },
};

/** What the host answers about the advisor, by state. */
export const advisorFixtures = {
  empty,
  answered,
  decided: {
    ...answered,
    record: {
      ...answered.record,
      decision: {
        design: 'multi-cluster',
        recommended: 'multi-cluster',
        accepted: [],
        reason: '',
        by: 'admin-1',
        at: '2026-09-04T08:15:00.000Z',
      },
    },
  },
  /** Figures and a list that cannot be used, and something else installed. */
  bad: {
    ...answered,
    record: {
      ...answered.record,
      answers: throughputAnswers({
        load: { perSecond: -3, capacityPerSecond: 0 },
        present: { thirdMachine: 'no', storage: 'copied', balancer: 'none' },
        interfaces: [
          { name: 'O\'Brien "ADT"', perSecond: 2, together: ['nowhere'] },
          { name: 'קבלת חולים', perSecond: -1, together: [] },
          { name: 'x'.repeat(201), perSecond: 1, together: [] },
        ],
      }),
    },
    installed: {
      ...answered.installed!,
      design: 'active-passive',
      clusters: answered.installed!.clusters.slice(0, 1),
    },
  },
} satisfies Record<string, AdvisorView>;

export type AdvisorFixtureName = keyof typeof advisorFixtures;
