import type { SiteDesign } from './draft.ts';

export interface DesignText {
  readonly concept: string;
  readonly points: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** The two designs in the words of the vendor's page, point by point in the same order. */
export const designs: Record<SiteDesign, DesignText> = {
  'active-passive': {
    concept: 'Two instances; one works, the other takes over by itself.',
    points: [
      {
        title: 'For',
        lines: [
          'strict message order',
          'guaranteed queue recovery',
          'polling components that must not run twice',
        ],
      },
      {
        title: 'Guarantees',
        lines: [
          'automatic failover when a server fails',
          'no message is lost under supported configurations',
          'work goes on from the right queue position, in order',
        ],
      },
      {
        title: 'Needs',
        lines: [
          'two instances and a load balancer for LLP and HTTP',
          'highly available storage for logs, queues and configuration',
          'reliable heartbeat and fault detection',
        ],
      },
      {
        title: 'Costs',
        lines: ['one server works, the other waits', 'a brief downtime while the recovery completes'],
      },
    ],
  },
  'multi-cluster': {
    concept:
      'Two or more clusters over the same servers, each server Active for one and Passive for another.',
    points: [
      {
        title: 'For',
        lines: [
          'high throughput and many interfaces',
          'high availability with both servers at work',
          'failures that stay within one cluster',
        ],
      },
      {
        title: 'Guarantees',
        lines: [
          'within each cluster the same as Active–Passive',
          'order and queue recovery per cluster',
          'a failover of one cluster does not touch the others',
        ],
      },
      {
        title: 'Needs',
        lines: [
          'two clusters or more, each with its own storage',
          'a load balancer that routes by cluster',
          'interfaces divided among the clusters, and kept so',
        ],
      },
      {
        title: 'Costs',
        lines: ['more routing and workload to plan', 'after a failover one server carries all clusters'],
      },
    ],
  },
};
