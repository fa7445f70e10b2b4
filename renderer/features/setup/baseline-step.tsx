import { formatSpan } from '../../../shared/fleet/age.ts';
import { balancerTitles, isKept } from '../../../shared/balancer/balancer-kinds.ts';
import type { BalancerCheck } from '../../../shared/balancer/balancer-check.ts';
import { talliedWords } from '../../../shared/readiness/report.ts';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { BalancerRecipe } from './balancer-recipe.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What is true now, as the installation proved it; and what remains for people. */
export function BaselineStep() {
  const { draft, view, act } = useSetup();
  // A kit is made of the site that the console shows.
  const makeKit = async () => {
    if (await act({ act: 'show-site' })) navigate({ page: 'recovery-kit' });
  };
  const proofs = view.install.steps.filter(({ title, state }) => state === 'ok' && isProof(title));
  const { kind } = draft.balancer;
  return (
    <>
      <Card title="Proven by the installation" note={`${proofs.length} proofs`}>
        <ul className={classes.steps2}>
          {proofs.map(({ server, title }) => (
            <li key={`${server} ${title}`}>
              <StateIcon state="ok" />
              <span>{server === 'site' || title.startsWith(server) ? title : `${server}: ${title}`}</span>
              <span />
            </li>
          ))}
        </ul>
      </Card>
      <FirstReport />
      <ThroughTheBalancer />
      <Card title="What remains for you">
        <ul className={classes.lines}>
          {draft.observe && (
            <li>
              Nothing is protected yet. Arm the site on the page Servers once nothing speaks against it: it
              tells what is still missing. The lines below are for then.
            </li>
          )}
          {isKept(kind) && (
            <li>Put the recipe below on {balancerTitles[kind]}, then verify it from outside.</li>
          )}
          <li>
            Let senders send to the balancer’s address. They must try again for at least as long as the worst
            recovery takes.
          </li>
          <li>
            Switch every cluster over and back once, and look at the result: each cluster’s page offers it.
            Verify the load balancer after each of the two.
          </li>
          <li>
            <button type="button" className={classes.link} onClick={() => void makeKit()}>
              Make a recovery kit
            </button>{' '}
            of {draft.site.name}, sealed with a passphrase, and keep both apart from each other and from this
            workstation: the site’s own authority is in it and cannot be replaced.
          </li>
        </ul>
      </Card>
      {isKept(kind) && <BalancerRecipe kind={kind} />}
    </>
  );
}

/** The readiness as it was when the site began, and the way to compare with it later. */
function FirstReport() {
  const { view, act, elapsedMs } = useSetup();
  const { work, run } = view.firstReport;
  const show = async () => {
    if (await act({ act: 'show-site' })) navigate({ page: 'readiness' });
  };
  return (
    <Card
      title="First readiness report"
      note={run === null ? 'not made yet' : formatWallTime(run.wallTime)}
      right={<InkButton onClick={() => void show()}>Show readiness</InkButton>}
    >
      {work.state === 'running' && (
        <Notice kind="waiting" title={`Every check is run for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          {work.awaits}
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      <p className={classes.note}>
        {run === null
          ? 'The first run of all checks is kept as the baseline: that of the page Readiness, where none is made here.'
          : `${talliedWords(run.tally)} The first report of a site is kept as its baseline: “Compare two runs” on the page Readiness compares with it.`}
      </p>
    </Card>
  );
}

const states: Record<BalancerCheck['verdict'], FactState> = {
  proven: 'ok',
  failed: 'danger',
  unknown: 'unknown',
};

/** Which member answers where senders come in, seen from this workstation and on both members. */
function ThroughTheBalancer() {
  const { view, act, elapsedMs } = useSetup();
  const { work, verified } = view.balancer;
  const running = work.state === 'running';
  return (
    <Card
      title="Through the load balancer"
      note={verified === null ? 'not verified yet' : `verified ${formatSpan(verified.ageMs + elapsedMs)} ago`}
      right={
        <InkButton idle={running} onClick={() => void act({ act: 'verify-balancer' })}>
          {verified === null ? 'Verify from outside' : 'Verify again'}
        </InkButton>
      }
    >
      {running && (
        <Notice kind="waiting" title={`${work.awaits} for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          Each listener takes a few seconds. No message is sent.
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      {verified && (
        <ul className={classes.limits}>
          {verified.checks.map(({ listener, address, verdict, finding, remedy }) => (
            <li key={`${listener} ${address}`}>
              <StateIcon state={states[verdict]} />
              <span>
                <b>{listener}</b> <span className="mono">{address}</span> {finding}
                {remedy !== null && <span className={classes.remedy}>{remedy}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {verified === null && !running && (
        <p className={classes.note}>
          This workstation connects to every listener as a sender does, says nothing, and looks on both
          members who got the connection.
        </p>
      )}
    </Card>
  );
}

function isProof(title: string): boolean {
  return /exactly one Active|only observed|mutual TLS|refus|kill|proof|reaches the lease store/i.test(title);
}
