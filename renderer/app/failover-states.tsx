import {
  Ban,
  Hourglass,
  ShieldAlert,
  ShieldCheck,
  ShieldOff,
  ShieldQuestionMark,
  Users,
  Wrench,
} from 'lucide-react';
import { failoverSight, type FailoverState } from '../../shared/fleet/automatic-failover.ts';
import type { SiteSight } from '../../shared/fleet/sight.ts';
import { Term } from '../components/term.tsx';
import classes from './top-bar.module.css';

const icons: Record<FailoverState, typeof ShieldCheck> = {
  on: ShieldCheck,
  off: ShieldOff,
  blocked: Ban,
  maintenance: Wrench,
  'peer-mode': Users,
  'not-known': ShieldQuestionMark,
  waiting: Hourglass,
  unprotected: ShieldAlert,
};

/** Automatic failover per cluster, always visible. Clusters in the normal state share one icon and word. */
export function FailoverStates({ site }: { readonly site: SiteSight }) {
  const states = site.clusters.map((cluster) => ({ id: cluster.cluster.id, ...failoverSight(cluster) }));
  const shown = states.length > 4 ? condense(states) : states;
  return (
    <div className={classes.failover}>
      <span className="ink2">
        <Term id="failover" />
      </span>
      {shown.map((entry) => {
        const Icon = icons[entry.state];
        return (
          <span className={classes.state} key={entry.id} title={entry.reason}>
            <Icon aria-hidden />
            <b>
              {entry.id} {entry.word}
            </b>
          </span>
        );
      })}
    </div>
  );
}

interface Entry {
  readonly id: string;
  readonly state: FailoverState;
  readonly word: string;
  readonly reason: string;
}

/** Many clusters: those that are not simply on by name, the others as a number. */
function condense(states: readonly Entry[]): Entry[] {
  const special = states.filter((entry) => entry.state !== 'on');
  const on = states.length - special.length;
  const rest: Entry = {
    id: String(on),
    state: 'on',
    word: 'on',
    reason: 'The others are in the normal state.',
  };
  return on > 0 ? [...special.slice(0, 3), rest] : special.slice(0, 4);
}
