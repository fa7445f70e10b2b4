import { Card } from '../../components/card.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What is true now, as the installation proved it; and what remains for people. */
export function BaselineStep() {
  const { draft, view } = useSetup();
  const proofs = view.install.steps.filter(({ title, state }) => state === 'ok' && isProof(title));
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
      <Card title="What remains for you">
        <ul className={classes.lines}>
          <li>
            Let senders send to the balancer’s address. They must try again for at least as long as the worst
            recovery takes.
          </li>
          <li>
            Switch every cluster over and back once, and look at the result: each cluster’s page offers it.
          </li>
          <li>
            Keep a copy of this workstation’s profile of {draft.site.name}: it holds the site’s own authority,
            which cannot be replaced.
          </li>
        </ul>
      </Card>
    </>
  );
}

function isProof(title: string): boolean {
  return /exactly one Active|mutual TLS|refus|kill|proof/i.test(title);
}
