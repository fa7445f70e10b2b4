import { formatSpan } from '../../shared/fleet/age.ts';
import { Notice } from '../components/notice.tsx';
import { useConnection, useNow, useSnapshot } from './console-context.tsx';
import classes from './waiting-page.module.css';

/** Nothing is known yet: what is awaited, and since when. */
export function WaitingPage() {
  const snapshot = useSnapshot();
  const { connected, sinceMs } = useConnection();
  const forMs = Math.max(0, useNow(200) - sinceMs);
  return <div className={classes.page}>{awaited(connected, snapshot !== null, formatSpan(forMs))}</div>;
}

function awaited(connected: boolean, hostSpoke: boolean, span: string) {
  if (!connected) {
    return (
      <Notice kind="waiting" title={<span className="num">Waiting for the console host for {span}</span>}>
        It usually answers within a second. If this stays, look at the window that started it; the agents go
        on by themselves.
      </Notice>
    );
  }
  if (!hostSpoke) {
    return (
      <Notice kind="waiting" title={<span className="num">Waiting for the first snapshot for {span}</span>}>
        The console host is connected. It usually speaks within a second.
      </Notice>
    );
  }
  return (
    <Notice kind="waiting" title={<span className="num">Waiting for the site for {span}</span>}>
      The console host opens the site and starts what belongs to it. The demo site takes about ten seconds.
    </Notice>
  );
}
