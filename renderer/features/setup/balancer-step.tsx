import { Card } from '../../components/card.tsx';
import { MachineChoice } from './machine-choice.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** Which machine has HAProxy, and where senders go afterwards. */
export function BalancerStep() {
  const { draft, edit } = useSetup();
  const balancer = draft.servers.find(({ id }) => id === draft.balancer);
  return (
    <>
      <Card
        title="HAProxy"
        note="installed there already; its configuration is written, checked and reloaded"
      >
        <MachineChoice
          name="Load balancer"
          chosen={draft.balancer}
          onChoose={(server) => edit((now) => ({ ...now, balancer: server }))}
          refusal={({ purpose }) =>
            purpose === 'member'
              ? 'It runs the engine: when it dies, senders would reach nobody at all.'
              : null
          }
        />
        <p className={classes.note}>
          A configuration that serves other listeners is never replaced; the one before is kept beside it.
          Each member answers GET /active with 200 only while it holds the lease.
        </p>
      </Card>
      {balancer && (
        <Card title="Where senders go" note="afterwards">
          <ul className={classes.lines}>
            {draft.clusters.flatMap(({ id, listeners }) =>
              listeners.map(({ name, frontendPort }, place) => (
                <li key={`${id} ${place}`}>
                  <b>
                    {id} {name || '?'}
                  </b>{' '}
                  <span className="mono">
                    {balancer.address}:{frontendPort ?? '?'}
                  </span>
                </li>
              )),
            )}
          </ul>
        </Card>
      )}
    </>
  );
}
