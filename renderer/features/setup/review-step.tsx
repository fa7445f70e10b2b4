import { useEffect } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { atPort } from '../../../shared/balancer/balanced-site.ts';
import { balancerTitles } from '../../../shared/balancer/balancer-kinds.ts';
import { draftPolicy } from '../../../shared/setup/draft-timing.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import { draftSenderAddress } from '../../../shared/setup/site-from-draft.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { routeHash } from '../../app/route.ts';
import { BeginningChoice } from './beginning-choice.tsx';
import { LeavingWords } from './leaving-words.tsx';
import { isPlanDue, isPlanned, isPreflightOld } from './plan-state.ts';
import { checkCounts, preflightTitle } from './preflight-words.ts';
import { Secret } from './secret-field.tsx';
import classes from './setup.module.css';
import { timingTitle } from './timing-words.ts';
import { useSetup } from './use-setup.ts';

/** The plan: exactly what will be changed, per server. */
export function ReviewStep() {
  const { draft, view, act, elapsedMs, gapOf } = useSetup();
  const { work, changes, carried } = view.plan;
  const policy = draftPolicy(draft.timing);
  const isOld = isPreflightOld(view);
  const isDue = isPlanDue(view);
  const planned = isPlanned(view);
  useEffect(() => {
    if (isOld) void act({ act: 'preflight' });
  }, [isOld, act]);
  useEffect(() => {
    if (isDue) void act({ act: 'plan' });
  }, [isDue, act]);
  return (
    <>
      {gapOf('') && <p className={classes.gap}>{gapOf('')}</p>}
      <PreflightFirst />
      <Card title="The site" note={draft.site.name}>
        <dl className={classes.facts}>
          {draft.clusters.map((cluster) => (
            <Fact key={cluster.index} name={cluster.id}>
              {cluster.members
                .map(
                  ({ server, preferred }) =>
                    `${nameOf(draft.servers, server)}${preferred ? ' (preferred)' : ''}`,
                )
                .join(' and ')}
              , {cluster.directory}
              {(cluster.storage ?? 'shared') === 'shared' &&
                cluster.agentMounts &&
                ', mounted on the Active only'}
              {cluster.storage === 'copied' &&
                ', copied from the Active to the other: the no-loss guarantee is not met'}
            </Fact>
          ))}
          <Fact name="Load balancer">{balancerWords(draft)}</Fact>
          <Fact name="Lease store">{leaseStoreWords(draft)}</Fact>
          <Fact name="Timing">
            {policy === null ? '?' : `${timingTitle(draft.timing)}: a lease of ${policy.T} s`}
          </Fact>
        </dl>
      </Card>
      <BeginningChoice />
      <Card
        title="Password of the engines’ API"
        note="of the user named at the clusters; kept on the servers, readable by root only"
      >
        <div className={classes.form}>
          <div className={classes.row}>
            <Secret server={null} kind="engine-password" label="Password" />
          </div>
        </div>
      </Card>
      {work.state === 'done' && !planned && (
        <Notice kind="waiting" title="The setup was changed since this plan was made">
          The plan is made anew; nothing is installed from the old one.
        </Notice>
      )}
      {work.state === 'running' && (
        <Notice kind="waiting" title={`Looking at every server for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          Nothing is changed by it. It usually takes a few seconds.
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      {!draft.observe && work.errors.some(({ code }) => code === 'install.engine-running') && (
        <Notice kind="waiting" title="Engines that run need not be stopped">
          Choose to observe first, above: nothing of theirs is touched, and they are protected later, when the
          site is armed.
        </Notice>
      )}
      <LeavingWords errors={work.errors} onSaid={(word) => void act({ act: 'plan', ...word })} />
      {planned &&
        changes.map(({ server, changes: lines }) => (
          <Card
            key={server}
            title={server === 'site' ? 'The site as a whole' : server}
            note={changeWords(lines.length)}
          >
            {lines.length > 0 && (
              <details className={classes.details}>
                <summary>Every change</summary>
                <ul>
                  {lines.map((line) => (
                    <li key={line} className="mono">
                      {line}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </Card>
        ))}
      {planned && <Carried lines={carried} />}
      {planned && !draft.observe && (
        <Notice kind="waiting" title="On the real services a refusal and a kill are provoked once per member">
          Both engines of a cluster must be stopped for the first installation: each is started for about four
          seconds and killed by its guards, so that nobody has to trust that they would. Where a cluster is at
          work already, this is shown on a stand-in beside it.
        </Notice>
      )}
      {work.state !== 'never' && (
        <div className={classes.buttons}>
          <InkButton idle={work.state === 'running'} onClick={() => void act({ act: 'plan' })}>
            Look again
          </InkButton>
        </div>
      )}
    </>
  );
}

/** What the installed site has and the setup has no screen for. */
function Carried({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Card title="Stays as it is installed" note="this setup does not speak of it">
      <ul className={classes.lines}>
        {lines.map((line) => (
          <li key={line} className="mono">
            {line}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Servers that were looked at before all was said are looked at again; what speaks against them is told here. */
function PreflightFirst() {
  const { draft, view, elapsedMs } = useSetup();
  const { work, checks } = view.preflight;
  const { failed, toConfirm } = checkCounts(checks, draft.confirmed);
  const step = (
    <a className={classes.link} href={routeHash({ page: 'setup', step: 'preflight' })}>
      Preflight
    </a>
  );
  if (work.state === 'running') {
    return (
      <Notice
        kind="waiting"
        title={`Preflight of what was said, for ${formatSpan(work.sinceMs + elapsedMs)}`}
      >
        Engines, directories and ports are looked at as they are said now. Nothing is changed by it.
      </Notice>
    );
  }
  if (isPreflightOld(view)) {
    return (
      <Notice kind="waiting" title="The servers were looked at before the setup was changed">
        What was found then does not count any more: they are looked at again.
      </Notice>
    );
  }
  if (work.state !== 'done' || failed + toConfirm === 0) return null;
  return (
    <Notice kind={failed > 0 ? 'danger' : 'warn'} title={preflightTitle(view.preflight, draft.confirmed)}>
      Every finding and its remedy is at the step {step}.
    </Notice>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function leaseStoreWords({ leaseStore, servers }: SetupDraft): string {
  if (leaseStore.kind === 'witness') {
    return `${nameOf(servers, leaseStore.server)}, a witness on port ${leaseStore.port ?? '?'}`;
  }
  const places = leaseStore.endpoints.map(({ address, port }) => atPort(address, port ?? 0));
  return `an etcd at ${places.join(', ')}, below ${leaseStore.prefix}: nothing of it is installed`;
}

function balancerWords({ balancer, clusters, servers }: SetupDraft): string {
  if (balancer.kind === 'haproxy') return `${nameOf(servers, balancer.server)}, HAProxy`;
  const addresses = new Set(clusters.map((cluster) => draftSenderAddress(balancer, cluster)));
  return `${balancerTitles[balancer.kind]}, ${[...addresses].join(' and ')}: configured by you, nothing is installed there`;
}

function nameOf(
  servers: readonly { readonly id: string; readonly name: string }[],
  id: string | null,
): string {
  return servers.find((server) => server.id === id)?.name ?? '?';
}

function changeWords(count: number): string {
  if (count === 0) return 'nothing to change';
  return count === 1 ? '1 change' : `${count} changes`;
}
