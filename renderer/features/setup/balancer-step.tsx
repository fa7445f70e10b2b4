import {
  balancerKinds,
  balancerNotes,
  balancerTitles,
  type BalancerKind,
} from '../../../shared/balancer/balancer-kinds.ts';
import { atPort } from '../../../shared/balancer/balanced-site.ts';
import type { DraftBalancer } from '../../../shared/setup/draft.ts';
import { draftSenderAddress, isAddress } from '../../../shared/setup/site-from-draft.ts';
import { Card } from '../../components/card.tsx';
import { BalancerRecipe } from './balancer-recipe.tsx';
import { Field } from './fields.tsx';
import { MachineChoice } from './machine-choice.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What stands before the servers, what it has to be told, and where senders go afterwards. */
export function BalancerStep() {
  const { draft, edit, gapOf } = useSetup();
  const { balancer } = draft;
  const change = (part: Partial<DraftBalancer>) =>
    edit((now) => ({ ...now, balancer: { ...now.balancer, ...part } }));
  return (
    <>
      {gapOf('') && <p className={classes.gap}>{gapOf('')}</p>}
      <KindChoice chosen={balancer.kind} onChoose={(kind) => change({ kind })} />
      {balancer.kind === 'haproxy' ? (
        <HaproxyMachine onChoose={(server) => change({ server })} />
      ) : (
        <Addresses onChange={change} />
      )}
      <WhereSendersGo />
      {balancer.kind !== 'haproxy' && <BalancerRecipe kind={balancer.kind} />}
    </>
  );
}

function KindChoice(props: {
  readonly chosen: BalancerKind;
  readonly onChoose: (kind: BalancerKind) => void;
}) {
  return (
    <Card title="Load balancer" note="nothing is installed on one that you keep yourself">
      <div role="radiogroup" aria-label="Kind of load balancer">
        <ul className={classes.machines}>
          {balancerKinds.map((kind) => (
            <li key={kind}>
              <label className={classes.choice}>
                <input
                  type="radio"
                  name="balancer-kind"
                  checked={props.chosen === kind}
                  onChange={() => props.onChoose(kind)}
                />
                <b>{balancerTitles[kind]}</b>
              </label>
              <span className="small ink2">{balancerNotes[kind]}</span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function HaproxyMachine({ onChoose }: { readonly onChoose: (server: string) => void }) {
  const { draft, gapOf } = useSetup();
  return (
    <Card title="HAProxy" note="installed there already; its configuration is written, checked and reloaded">
      {gapOf('balancer.server') && <p className={classes.gapLine}>{gapOf('balancer.server')}</p>}
      <MachineChoice
        name="Machine with HAProxy"
        chosen={draft.balancer.server}
        onChoose={onChoose}
        refusal={({ purpose }) =>
          purpose === 'member' ? 'It runs the engine: when it dies, senders would reach nobody at all.' : null
        }
      />
      <p className={classes.note}>
        A configuration that serves other listeners is never replaced; the one before is kept beside it. Each
        member answers GET /active with 200 only while it holds the lease.
      </p>
    </Card>
  );
}

/** Where the senders of each cluster come in. */
function Addresses({ onChange }: { readonly onChange: (part: Partial<DraftBalancer>) => void }) {
  const { draft } = useSetup();
  const { balancer, clusters } = draft;
  const moves = balancer.kind === 'keepalived';
  return (
    <Card
      title={moves ? 'Virtual addresses' : 'Address'}
      note={moves ? 'one for each cluster, in the network of both servers' : 'that senders know'}
    >
      <div className={classes.form}>
        <div className={classes.row}>
          {moves ? (
            clusters.map(({ id, index }) => (
              <Field
                key={index}
                field={`balancer.addresses.${index}`}
                label={`Virtual address of ${id}`}
                placeholder="10.20.4.100"
                value={balancer.addresses[index] ?? ''}
                onValue={(address) => onChange({ addresses: { ...balancer.addresses, [index]: address } })}
              />
            ))
          ) : (
            <Field
              field="balancer.address"
              label="Address of the balancer"
              placeholder="10.20.9.100"
              value={balancer.address}
              onValue={(address) => onChange({ address })}
            />
          )}
        </div>
      </div>
    </Card>
  );
}

function WhereSendersGo() {
  const { draft } = useSetup();
  const { balancer, clusters, servers } = draft;
  const server = servers.find(({ id }) => id === balancer.server);
  const addressOf = (cluster: (typeof clusters)[number]) =>
    balancer.kind === 'haproxy' ? (server?.address ?? '') : draftSenderAddress(balancer, cluster);
  const lines = clusters.flatMap((cluster) => {
    const address = addressOf(cluster);
    if (!isAddress(address)) return [];
    return cluster.listeners.map(({ name, frontendPort }) => ({
      words: `${cluster.id} ${name || '?'}`,
      place: frontendPort === null ? `${address}:?` : atPort(address, frontendPort),
    }));
  });
  if (lines.length === 0) return null;
  return (
    <Card title="Where senders go" note="afterwards">
      <ul className={classes.lines}>
        {lines.map(({ words, place }) => (
          <li key={`${words} ${place}`}>
            <b>{words}</b> <span className="mono">{place}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
