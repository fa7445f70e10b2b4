import type { AdvisorAnswers, QuestionNumber } from './answers.ts';

/** One answer in words, for paper. */
export interface ToldAnswer {
  readonly question: QuestionNumber;
  readonly about: string;
  /** Null: not answered. */
  readonly says: string | null;
}

const order = { none: 'no', within: 'within each interface', across: 'also across interfaces' } as const;
const storage = { shared: 'shared', copied: 'copied between the servers', none: 'none' } as const;
const balancer = {
  'by-cluster': 'routes by port, path or address',
  'one-address': 'one address only',
  none: 'none',
} as const;

/** Every answer in the order of the questions. Pure. */
export function toldAnswers({
  pollers,
  load,
  team,
  present,
  tolerated,
  ...rest
}: AdvisorAnswers): ToldAnswer[] {
  const told = (question: QuestionNumber, about: string, says: string | null): ToldAnswer => ({
    question,
    about,
    says,
  });
  const figure = (value: number | null, unit = '') => (value === null ? null : `${value}${unit}`);
  return [
    told(1, 'Order is kept', rest.order && order[rest.order]),
    told(2, 'Components that fetch work', pollers.amount),
    told(2, 'Their kinds', pollers.kinds.length === 0 ? null : pollers.kinds.join(', ')),
    told(2, 'Their number', figure(pollers.count)),
    told(
      2,
      'Reading twice does',
      pollers.doubleRead && (pollers.doubleRead === 'harmful' ? 'harm' : 'no harm'),
    ),
    told(3, 'What comes first', load.priority),
    told(3, 'Messages a second at the peak', figure(load.perSecond)),
    told(3, 'In two years', figure(load.perSecondInTwoYears)),
    told(3, 'One server carries', figure(load.capacityPerSecond)),
    told(3, 'Interfaces', figure(rest.interfaces.length > 0 ? rest.interfaces.length : load.interfaces)),
    told(3, 'Can be divided without breaking an order', load.divisible),
    told(3, 'Tolerated downtime', figure(tolerated.downtimeSeconds, ' s')),
    told(4, 'What the team can look after', team.effort),
    told(4, 'People on call', figure(team.onCall)),
    told(4, 'Experience with such a site', team.experience),
    told(4, 'Changes in a month', figure(team.changesPerMonth)),
    told(5, 'Storage', present.storage && storage[present.storage]),
    told(5, 'A directory for every cluster', present.storagePerCluster),
    told(5, 'Load balancer', present.balancer && balancer[present.balancer]),
    told(5, 'Third machine for the lease', present.thirdMachine),
    told(5, 'Licence for all on one server', present.licences),
    told(5, 'Second heartbeat network', present.secondNetwork),
    told(5, 'Way to cut storage', present.storageCut),
    told(5, 'Power switch', present.powerSwitch),
    told(
      5,
      'Tolerated loss',
      tolerated.loss && (tolerated.loss === 'none' ? 'no message' : 'the last seconds'),
    ),
    told(5, 'Sites', figure(rest.sites)),
  ];
}
