import { Checkbox, MultiSelect } from '@mantine/core';
import type { DraftServer } from '../../../shared/setup/draft.ts';
import { legacyAlgorithms } from '../../../shared/site/legacy-algorithms.ts';
import classes from './setup.module.css';

type Ssh = DraftServer['ssh'];

/** Ways to sign in that need a person each time. */
const typedLogins: readonly Ssh['login']['kind'][] = ['password'];

/** What few servers need: outdated algorithms, and agents that are reached through SSH. */
export function UnusualWays({
  server: { name, ssh },
  onChange,
}: {
  readonly server: DraftServer;
  readonly onChange: (part: Partial<Ssh>) => void;
}) {
  return (
    <details
      className={classes.unusual}
      open={ssh.agentsThroughSsh === true || (ssh.legacyAlgorithms?.length ?? 0) > 0}
    >
      <summary>Old SSH servers, and firewalls that let only SSH through</summary>
      <div className={classes.form}>
        <LegacyAlgorithms name={name} ssh={ssh} onChange={onChange} />
        <Checkbox
          label="Reach the agents of this server through its SSH server"
          description="Where a firewall lets only SSH through from this workstation. The console signs in for it by itself: with a key without a passphrase, or the SSH agent. Agents among themselves never use it: their ports must be open between the servers."
          checked={ssh.agentsThroughSsh === true}
          error={
            ssh.agentsThroughSsh === true &&
            typedLogins.includes(ssh.login.kind) &&
            'With what is typed here its agents stay silent once the site is shown: nobody is asked again then. Choose a key or the SSH agent.'
          }
          onChange={(event) => onChange({ agentsThroughSsh: event.currentTarget.checked })}
        />
      </div>
    </details>
  );
}

/** Consent to algorithms that are no longer safe, for one server alone. */
function LegacyAlgorithms(props: {
  readonly name: string;
  readonly ssh: Pick<Ssh, 'legacyAlgorithms'>;
  readonly onChange: (part: Pick<Ssh, 'legacyAlgorithms'>) => void;
}) {
  const { name, ssh, onChange } = props;
  return (
    <MultiSelect
      label={`Outdated algorithms accepted for ${name || 'this server'} alone`}
      description="Only where it offers nothing better: such a connection could be read or changed on its way. The refusal of the server names those it needs."
      value={[...(ssh.legacyAlgorithms ?? [])]}
      onChange={(names) =>
        onChange({ legacyAlgorithms: legacyAlgorithms.filter((one) => names.includes(one)) })
      }
      data={[...legacyAlgorithms]}
      clearable
    />
  );
}
