import { OctagonX } from 'lucide-react';
import type { ProductError } from '../../shared/errors.ts';
import { formatSpan } from '../../shared/fleet/age.ts';
import { ErrorNotice, Notice } from '../components/notice.tsx';
import { useConnection, useElapsed, useNow, useSnapshot, useSnapshotFailure } from './console-context.tsx';
import classes from './waiting-page.module.css';

/** Nothing is known yet: what is awaited, and since when; or why there will be nothing. */
export function WaitingPage() {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  const failure = useSnapshotFailure();
  if (connected && snapshot?.trouble && !snapshot.awaiting) return <NotOpened error={snapshot.trouble} />;
  if (connected && !snapshot && failure) return <NoSnapshot error={failure} />;
  return (
    <div className={classes.page}>
      <h1>The console starts</h1>
      <Awaited />
    </div>
  );
}

/** The host has given up: it waits for nothing any more. */
function NotOpened({ error }: { readonly error: ProductError }) {
  return (
    <div className={classes.page}>
      <h1>
        <OctagonX aria-hidden /> The site could not be opened
      </h1>
      <ErrorNotice error={error} />
      <p>
        The console tries it once, at its start. When the cause is removed, end the console and start it
        again.
      </p>
    </div>
  );
}

/** The host answers, but with nothing that this page understands. */
function NoSnapshot({ error }: { readonly error: ProductError }) {
  return (
    <div className={classes.page}>
      <h1>
        <OctagonX aria-hidden /> The state of the site could not be read
      </h1>
      <ErrorNotice error={error} />
      <p>The agents go on by themselves. This page goes on listening.</p>
    </div>
  );
}

function Awaited() {
  const snapshot = useSnapshot();
  const { connected, sinceMs } = useConnection();
  const forMs = Math.max(0, useNow(200) - sinceMs);
  const elapsedMs = useElapsed(200);
  if (!connected) {
    return (
      <Notice kind="waiting" title={<Timed what="Waiting for the console host" forMs={forMs} />}>
        It usually answers within a second. If this stays, look at the window that started it; the agents go
        on by themselves.
      </Notice>
    );
  }
  if (!snapshot) {
    return (
      <Notice kind="waiting" title={<Timed what="Waiting for the first snapshot" forMs={forMs} />}>
        The console host is connected. It usually speaks within a second.
      </Notice>
    );
  }
  const { awaiting } = snapshot;
  const waitedMs = awaiting ? awaiting.sinceMs + elapsedMs : forMs;
  return (
    <Notice kind="waiting" title={<Timed what="Waiting for the site" forMs={waitedMs} />}>
      {awaiting?.what ?? 'The console host opens the site.'}
    </Notice>
  );
}

function Timed({ what, forMs }: { readonly what: string; readonly forMs: number }) {
  return (
    <span className="num">
      {what} for {formatSpan(forMs)}
    </span>
  );
}
