import { formatSpan } from '../../../shared/fleet/age.ts';
import { clusterWideStop } from '../../../shared/fleet/protection.ts';
import { leftNow, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import classes from './hold.module.css';
import { HoldForm } from './hold-form.tsx';
import { usePolicyChange } from './use-policy-change.ts';

export interface HoldBandProps {
  readonly sight: ClusterSight;
  /** The form is asked for. */
  readonly open: boolean;
  readonly onClose: () => void;
}

/** While a cluster is held still: by whom, why, for how long, and the way out. Otherwise the form, when asked for. */
export function HoldBand({ sight, open, onClose }: HoldBandProps) {
  const { id } = sight.cluster;
  const { change, pending, error } = usePolicyChange(id);
  const stop = clusterWideStop(sight);
  const state = stop?.automatic.state;
  if (stop && (state === 'maintenance' || state === 'blocked')) {
    const left = leftNow(stop.member, stop.automatic.untilMs ?? null);
    const ends = left === null ? '' : ` Ends by itself in ${formatSpan(left)}.`;
    const maintenance = state === 'maintenance';
    return (
      <div className={classes.band}>
        <Notice
          kind="warn"
          title={maintenance ? `${id} is in maintenance` : `Automatic failover of ${id} is blocked`}
        >
          <p>
            {stop.automatic.reason}
            {ends}{' '}
            {maintenance
              ? 'The lease is kept and the guards stay armed, but nobody starts, stops or moves anything by itself.'
              : 'If the Active fails now, nobody takes over by itself; a planned switchover works.'}
          </p>
          <InkButton
            idle={pending}
            onClick={() =>
              void change({
                verb: maintenance ? 'end-maintenance' : 'allow-failover',
                minutes: null,
                reason: '',
              })
            }
          >
            {wordsOf(maintenance, pending)}
          </InkButton>
        </Notice>
        {error && <ErrorNotice error={error} />}
      </div>
    );
  }
  if (!open) return null;
  return <HoldForm cluster={id} onClose={onClose} />;
}

function wordsOf(maintenance: boolean, pending: boolean): string {
  if (pending) return 'Asking…';
  return maintenance ? 'End maintenance now' : 'Allow automatic failover';
}
