import { observedCluster, type ObservedCluster } from '../../../shared/fleet/observing.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './servers.module.css';
import { useTypedName } from './typed-name.tsx';
import { workWords } from './work-words.ts';

/** What still speaks against arming, the look at what it would change, and only then the step itself. */
export function Arming(props: {
  readonly view: ServersView;
  readonly site: SiteSight;
  readonly refusal: string | null;
}) {
  const { view, site, refusal } = props;
  const { servers } = useConsole();
  const begin = (plan: boolean) => void servers.getState().act({ act: 'arm', plan });
  const seen = view.kind === 'arm' && (!view.plan || view.work.state === 'done');
  const unseen = seen ? null : 'look first at what it changes';
  return (
    <>
      <ul className={classes.missing} aria-label="What is still missing">
        {site.clusters.map((cluster) => (
          <Missing key={cluster.cluster.id} id={cluster.cluster.id} observed={observedCluster(cluster)} />
        ))}
      </ul>
      <div className={classes.foot}>
        <InkButton act={seen ? 'other' : 'next'} refusal={refusal} onClick={() => begin(true)}>
          {seen ? 'Look again what it changes' : 'Look what it changes'}
        </InkButton>
        {refusal === null && (
          <InkButton act={seen ? 'next' : 'other'} refusal={unseen} onClick={() => begin(false)}>
            {workWords.arm.begin}
          </InkButton>
        )}
      </div>
    </>
  );
}

function Missing({ id, observed }: { readonly id: string; readonly observed: ObservedCluster | null }) {
  const against = observed?.blockers ?? [];
  if (against.length === 0) {
    const words =
      observed === null ? 'armed' : observed.halfArmed ? 'half armed: it goes on' : 'can be armed';
    return (
      <li>
        <StateIcon state="ok" />
        <span>
          <b>{id}</b> {words}
        </span>
      </li>
    );
  }
  return against.map(({ member, blocker }) => (
    <li key={`${member.server} ${blocker.code}`}>
      <StateIcon state="danger" />
      <span>
        <b>{id}</b> {member.name}: {blocker.reason} <span className="ink2">{blocker.remedy}</span>
      </span>
    </li>
  ));
}

/** Dangerous: nobody takes over afterwards, so the site's name is typed. */
export function Observing({
  siteName,
  refusal,
}: {
  readonly siteName: string;
  readonly refusal: string | null;
}) {
  const { servers } = useConsole();
  const { typedName, untyped, field } = useTypedName(siteName);
  return (
    <Notice kind="danger" title="While it is only observed nothing fails over any more">
      <div className={classes.body}>
        {field}
        <div className={classes.foot}>
          <InkButton
            act="danger"
            refusal={refusal ?? untyped}
            onClick={() => void servers.getState().act({ act: 'observe', typedName })}
          >
            {workWords.observe.begin}
          </InkButton>
        </div>
      </div>
    </Notice>
  );
}
