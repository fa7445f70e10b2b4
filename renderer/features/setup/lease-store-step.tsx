import { Card } from '../../components/card.tsx';
import { PortField } from './fields.tsx';
import { MachineChoice } from './machine-choice.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** The third machine. */
export function LeaseStoreStep() {
  const { draft, edit } = useSetup();
  return (
    <Card title="Witness" note="a small program without any privilege; one serves every cluster of the site">
      <MachineChoice
        name="Lease store"
        chosen={draft.leaseStore.server}
        onChoose={(server) => edit((now) => ({ ...now, leaseStore: { ...now.leaseStore, server } }))}
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
            value={draft.leaseStore.port}
            onValue={(port) => edit((now) => ({ ...now, leaseStore: { ...now.leaseStore, port } }))}
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
