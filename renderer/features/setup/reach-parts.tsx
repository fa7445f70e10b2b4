import { Trash2 } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { ServerReach } from '../../../shared/setup/setup-view.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** A server or a jump host. */
interface ReachedPlace {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** Reach it, or what stands in the way. */
export function Ways(props: {
  readonly place: ReachedPlace;
  readonly reach: ServerReach | undefined;
  readonly onTakeOut: () => void;
}) {
  const { place, reach, onTakeOut } = props;
  const { act } = useSetup();
  const state = reach?.state ?? 'not-tried';
  return (
    <>
      {state === 'key-to-confirm' && reach?.presented && (
        <IntoView>
          <HostKey place={place} presented={reach.presented} />
        </IntoView>
      )}
      {state === 'refused' && reach?.error && (
        <IntoView>
          <ErrorNotice error={reach.error} />
          {reach.error.code === 'ssh.host-key-changed' && (
            <p className={`${classes.afterError} small ink2`}>
              Its owner has installed it anew? Then take it out here, add it again, and compare the new key.
            </p>
          )}
        </IntoView>
      )}
      <div className={classes.buttons}>
        <InkButton
          act="other"
          idle={state === 'trying'}
          onClick={() => void act({ act: 'reach', server: place.id })}
        >
          {state === 'reached' ? 'Reach it again' : 'Reach it'}
        </InkButton>
        <InkButton act="back" leftSection={<Trash2 aria-hidden />} onClick={onTakeOut}>
          Take it out
        </InkButton>
      </div>
    </>
  );
}

/** What a person has to answer must not appear below the edge of the window. */
function IntoView({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Its result is a promise in newer browsers, which an effect must not return.
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className={classes.intoView}>
      {children}
    </div>
  );
}

/** A key that nobody has confirmed: shown with where it can be compared. */
function HostKey({ place, presented }: { readonly place: ReachedPlace; readonly presented: string }) {
  const { act } = useSetup();
  const type = presented
    .split(' ')[0]!
    .replace(/^ssh-/, '')
    .replace(/^ecdsa-.*/, 'ecdsa');
  return (
    <Notice kind="warn" title={`Is this the key of ${place.name || place.address}?`}>
      <p className={classes.key}>
        <span className="mono">{presented}</span>
      </p>
      <p>
        On the server itself it is shown by{' '}
        <span className="mono">ssh-keygen -lf /etc/ssh/ssh_host_{type}_key.pub</span>. Whoever gives you
        another machine in its place cannot make this line the same.
      </p>
      <InkButton act="next" onClick={() => void act({ act: 'pin', server: place.id, key: presented })}>
        It is the same: trust this key
      </InkButton>
    </Notice>
  );
}

export function Reached(props: { readonly reach: ServerReach | undefined; readonly elapsedMs: number }) {
  const { reach, elapsedMs } = props;
  if (!reach || reach.state === 'not-tried') return <span className="small ink3">not reached yet</span>;
  const since = formatSpan(reach.sinceMs + elapsedMs);
  switch (reach.state) {
    case 'trying':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="waiting" /> waiting for its answer for {since}
        </span>
      );
    case 'key-to-confirm':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="warn" /> its key is to be compared
        </span>
      );
    case 'refused':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="danger" /> not reached, {since} ago
        </span>
      );
    case 'reached':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="ok" /> {reach.system}, key pinned <span className="ink3">{since}</span>
        </span>
      );
  }
}
