import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { notificationSentence, targetSights } from '../../../shared/fleet/notification-sight.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { GivenSecrets, NotificationsView } from '../../../shared/notifications/notifications-view.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { useConsole, useNow, useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { WorkProgress } from '../servers/work-progress.tsx';
import { ChangeCard } from './change-card.tsx';
import classes from './notifications.module.css';
import { RulesCard } from './rules-card.tsx';
import { TargetCard } from './target-card.tsx';

/** Whom the agents tell what happens with the console closed, how that stands, and how it is changed and tried. */
export function NotificationsPage({ site }: { readonly site: SiteSight }) {
  const { notifications, servers } = useConsole();
  const { view, error, open } = useStore(notifications);
  const works = useStore(servers, (state) => state.view);
  const openServers = useStore(servers, (state) => state.open);
  useEffect(() => openServers(), [openServers, site.site.id]);
  // A change that was carried out is in the site document that the host has opened anew.
  const changed = works?.kind === 'notify' && !works.plan && works.work.state === 'done';
  useEffect(() => open(), [open, site.site.id, changed]);
  return (
    <PlainPage
      title="Notifications"
      lead={
        view === null
          ? 'Whom the agents tell what happens.'
          : notificationSentence(targetSights(site, view.policy))
      }
    >
      {error && <ErrorNotice error={error} />}
      {view === null && error === null && <Notice kind="waiting" title="The targets are awaited" />}
      {view !== null && <Targets site={site} view={view} />}
      {view !== null && works !== null && <Change site={site} view={view} works={works} />}
    </PlainPage>
  );
}

/** Every target with what its agents say, and how much is told. */
function Targets({ site, view }: { readonly site: SiteSight; readonly view: NotificationsView }) {
  const { notifications } = useConsole();
  const arrivedAtMs = useStore(notifications, (state) => state.arrivedAtMs);
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  const role = useSnapshot()?.me.role ?? 'viewer';
  const targets = targetSights(site, view.policy);
  return (
    <>
      {view.given && <Given given={view.given} />}
      {targets.map((target) => (
        <TargetCard key={target.id} {...{ target, view, role, elapsedMs }} />
      ))}
      {targets.length === 0 && <NoTargets />}
      <RulesCard policy={view.policy} />
    </>
  );
}

/** The change of the targets, and how far it got. */
function Change(props: {
  readonly site: SiteSight;
  readonly view: NotificationsView;
  readonly works: ServersView;
}) {
  const { site, view, works } = props;
  const { servers } = useConsole();
  const { arrivedAtMs, error } = useStore(servers);
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  // The card goes by itself once the site has other targets than those that it was opened for.
  const present = JSON.stringify(view.policy);
  const [changing, setChanging] = useState<string | null>(null);
  const isNew = view.policy === null;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {works.kind === 'notify' && <WorkProgress view={works} elapsedMs={elapsedMs} />}
      <div className={classes.changing}>
        {changing === present ? (
          <ChangeCard policy={view.policy} works={works} site={site} onLeave={() => setChanging(null)} />
        ) : (
          <InkButton
            act={isNew ? 'next' : 'other'}
            refusal={works.refusal}
            onClick={() => setChanging(present)}
          >
            {isNew ? 'Set up a target…' : 'Change targets…'}
          </InkButton>
        )}
      </div>
    </>
  );
}

function NoTargets() {
  return (
    <Notice kind="warn" title="With this console closed nobody hears of a failure">
      Messages flow and agents fail over without it, but a site that can no longer fail over is found late. A
      webhook or a mail address is enough.
    </Notice>
  );
}

function Given({ given: { target, members } }: { readonly given: GivenSecrets }) {
  const refused = members.flatMap(({ member, error }) => (error === null ? [] : [{ member, error }]));
  const took = members.length - refused.length;
  if (refused.length === 0) {
    return (
      <Notice kind="done" title={`All ${took} agents have the secrets of ${target}`}>
        They are kept on the servers and shown to nobody. Test the target from each agent.
      </Notice>
    );
  }
  return (
    <Notice kind="danger" title={`${took} of ${members.length} agents have the secrets of ${target}`}>
      <ul>
        {refused.map(({ member, error }) => (
          <li key={member}>
            {member}: {error.message} <b>Next:</b> {error.next}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
