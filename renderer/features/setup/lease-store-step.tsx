import { emptyEtcd, emptyWitness, type DraftLeaseStore } from '../../../shared/setup/draft.ts';
import { Card } from '../../components/card.tsx';
import { EtcdCards } from './etcd-cards.tsx';
import { PortField } from './fields.tsx';
import { MachineChoice } from './machine-choice.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** Who keeps the leases: a witness on a third machine, or an etcd that the site has. */
export function LeaseStoreStep() {
  const { draft } = useSetup();
  const { leaseStore } = draft;
  return (
    <>
      <KindChoice chosen={leaseStore.kind} />
      {leaseStore.kind === 'witness' ? <WitnessCard witness={leaseStore} /> : <EtcdCards etcd={leaseStore} />}
    </>
  );
}

const kinds: Record<DraftLeaseStore['kind'], { readonly title: string; readonly note: string }> = {
  witness: {
    title: 'A witness',
    note: 'a small program without any privilege on a third machine; one serves every cluster of the site',
  },
  etcd: {
    title: 'An etcd that you have',
    note: 'version 3.4 or newer, of three or five; nothing of it is installed, and no third machine is needed',
  },
};

function KindChoice({ chosen }: { readonly chosen: DraftLeaseStore['kind'] }) {
  const { edit } = useSetup();
  const choose = (kind: DraftLeaseStore['kind']) =>
    edit((now) => ({
      ...now,
      leaseStore:
        kind === now.leaseStore.kind
          ? now.leaseStore
          : kind === 'etcd'
            ? emptyEtcd(now.site.id)
            : emptyWitness,
    }));
  return (
    <Card title="Kept by">
      <div role="radiogroup" aria-label="Kept by">
        <ul className={classes.machines}>
          {(['witness', 'etcd'] as const).map((kind) => (
            <li key={kind}>
              <label className={classes.choice}>
                <input
                  type="radio"
                  name="lease-store-kind"
                  checked={chosen === kind}
                  onChange={() => choose(kind)}
                />
                <b>{kinds[kind].title}</b>
              </label>
              <span className="small ink2">{kinds[kind].note}</span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function WitnessCard({ witness }: { readonly witness: Extract<DraftLeaseStore, { kind: 'witness' }> }) {
  const { edit, gapOf } = useSetup();
  const change = (part: Partial<typeof witness>) =>
    edit((now) => ({ ...now, leaseStore: { ...witness, ...part } }));
  const gap = gapOf('leaseStore.server');
  return (
    <Card title="Witness" note="on which machine">
      {gap && <p className={classes.gapLine}>{gap}</p>}
      <MachineChoice
        name="Lease store"
        chosen={witness.server}
        onChoose={(server) => change({ server })}
        refusal={({ purpose }) =>
          purpose === 'member'
            ? 'It runs the engine: if it dies, the lease store dies with it, and nobody may take over.'
            : null
        }
      />
      <div className={classes.form}>
        <div className={classes.row}>
          <PortField
            field="leaseStore.port"
            label="Port"
            value={witness.port}
            onValue={(port) => change({ port })}
          />
        </div>
      </div>
      <p className={classes.note}>
        If it is lost, the present Active goes on with its peer’s promise; only a failover by itself has to
        wait. Give it power and a switch of its own where you can.
      </p>
    </Card>
  );
}
