import { CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { clusterRole, otherMember } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import table from '../../components/table.module.css';
import classes from './commands-tab.module.css';

interface CommandRow {
  readonly does: string;
  readonly where: string;
  readonly command: string;
}

/** What this page shows and does, as commands of `ixha` on the servers. */
export function CommandsTab({ sight }: { readonly sight: ClusterSight }) {
  return (
    <div className={classes.tab}>
      <Card title="The same from a server" note="ixha has the same verbs as this page">
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Where</th>
                <th scope="col">Command</th>
                <th scope="col">
                  <span className="visually-hidden">Copy</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {commandRows(sight).map((row) => (
                <tr key={row.command}>
                  <th scope="row">{row.does}</th>
                  <td className="ink2">{row.where}</td>
                  <td className={`mono ${classes.command}`}>{row.command}</td>
                  <td className={table.right}>
                    <CopyCommand command={row.command} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

function commandRows(sight: ClusterSight): CommandRow[] {
  const { id } = sight.cluster;
  const role = clusterRole(sight);
  const active = role.kind === 'one' ? role.active : null;
  const target = active && otherMember(sight, active);
  const anywhere = sight.members.map((member) => member.name).join(' or ');
  const rows: CommandRow[] = [
    { does: 'Who is what, with ages', where: anywhere, command: `ixha status ${id}` },
    { does: 'The same, until interrupted', where: anywhere, command: `ixha watch ${id}` },
    { does: 'The decision and the facts it used', where: anywhere, command: `ixha why ${id}` },
    { does: 'Newest records', where: anywhere, command: `ixha journal ${id}` },
  ];
  if (!active || !target) return rows;
  return [
    ...rows,
    {
      does: `Planned move to ${target.name}`,
      where: active.name,
      command: `ixha switchover ${id} --to ${target.server} --reason "…"`,
    },
    { does: 'Give the cluster away before a shutdown', where: active.name, command: `ixha handover ${id}` },
  ];
}

function CopyCommand({ command }: { readonly command: string }) {
  return (
    <CopyButton value={command}>
      {({ copied, copy }) => (
        <InkButton
          aria-label={`Copy ${command}`}
          leftSection={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy'}
        </InkButton>
      )}
    </CopyButton>
  );
}
