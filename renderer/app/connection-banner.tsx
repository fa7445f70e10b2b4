import { Unplug } from 'lucide-react';
import { formatSpan } from '../../shared/fleet/age.ts';
import { ErrorNotice } from '../components/notice.tsx';
import classes from './connection-banner.module.css';
import { useConnection, useNow, useSnapshot } from './console-context.tsx';

/** Says that the console host is gone, and since when; or what the host itself is in trouble about. */
export function ConnectionBanner() {
  const { connected, sinceMs } = useConnection();
  const snapshot = useSnapshot();
  if (!connected && snapshot) return <HostGone sinceMs={sinceMs} />;
  // Without a site the page itself says why.
  return snapshot?.site && snapshot.trouble ? <ErrorNotice error={snapshot.trouble} /> : null;
}

function HostGone({ sinceMs }: { readonly sinceMs: number }) {
  const forMs = Math.max(0, useNow(1_000) - sinceMs);
  return (
    <div className={classes.banner}>
      <Unplug aria-hidden />
      <span>
        <b role="alert">The console host does not answer.</b>{' '}
        <span className="num">Everything shown is at least {formatSpan(forMs)} old.</span> The agents go on by
        themselves, messages are not affected. Connecting again.
      </span>
    </div>
  );
}
