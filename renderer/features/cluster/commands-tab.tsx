import { CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { verbCall, verbGroups } from '../../../shared/command-line/ixha-verbs.ts';
import { byRule } from '../../../shared/fleet/last-change.ts';
import { operationOutcome } from '../../../shared/fleet/operation-summary.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import table from '../../components/table.module.css';
import { commandRows, groupWords } from './command-rows.ts';
import classes from './commands-tab.module.css';

/** What people asked for lately, and what this page shows and does, as commands of `ixha` on the servers. */
export function CommandsTab({ sight }: { readonly sight: ClusterSight }) {
  return (
    <div className={classes.tab}>
      <AskedFor sight={sight} />
      <Card
        className={classes.all ?? ''}
        title="The same from a server"
        note="ixha has the same verbs as this page; … is yours to fill in"
      >
        <div className={table.scroll} tabIndex={0} role="region" aria-label="Commands of ixha">
          <table className={`${table.table} ${table.dense}`}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">On</th>
                <th scope="col">Command</th>
                <th scope="col">
                  <span className="visually-hidden">Copy</span>
                </th>
              </tr>
            </thead>
            <Rows sight={sight} />
          </table>
        </div>
      </Card>
    </div>
  );
}

function Rows({ sight }: { readonly sight: ClusterSight }) {
  const rows = commandRows(sight);
  return verbGroups.map((group) => (
    <tbody key={group}>
      <tr>
        <th scope="rowgroup" colSpan={4} className={classes.group}>
          {groupWords[group]}
        </th>
      </tr>
      {rows
        .filter((row) => row.group === group)
        .map((row) => (
          <tr key={row.verb}>
            <th scope="row" className={classes.what}>
              {row.does}
            </th>
            <td className={`ink2 ${classes.where}`}>{row.where}</td>
            <td className={`mono ${classes.command}`}>{row.command}</td>
            <td className={table.right}>
              <CopyCommand command={row.command} />
            </td>
          </tr>
        ))}
    </tbody>
  ));
}

/** Moves that a person asked for in the last day, each with the command that does the same. */
function AskedFor({ sight }: { readonly sight: ClusterSight }) {
  const { id, operations } = sight.cluster;
  const asked = operations.filter(({ requestedBy }) => !byRule(requestedBy));
  return (
    <Card title="Moves that people asked for" note="in the last day; everything else is in the journal">
      {asked.length === 0 ? (
        <p className={classes.empty}>
          None. What the agents did by rule, and maintenance, stand in the{' '}
          <a href={routeHash({ page: 'cluster', cluster: id, tab: 'journal' })}>journal</a>.
        </p>
      ) : (
        <div className={`${table.scroll} ${classes.asked}`} tabIndex={0} role="region" aria-label="Moves">
          <table className={`${table.table} ${table.dense}`}>
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">As a command</th>
                <th scope="col">Outcome</th>
                <th scope="col" className={table.right}>
                  Begun
                </th>
              </tr>
            </thead>
            <tbody>
              {asked.map((operation) => (
                <tr key={operation.id}>
                  <th scope="row">{operation.requestedBy}</th>
                  <td className={`mono ${classes.command}`}>
                    {verbCall(operation.kind, { cluster: id, to: operation.to, reason: operation.reason })}
                  </td>
                  <td>
                    <a href={routeHash({ page: 'operation', cluster: id, operation: operation.id })}>
                      {operationOutcome(operation.state)}
                    </a>
                  </td>
                  <td className={`small ink3 ${table.right} ${table.nowrap}`}>
                    {formatSpan(operation.startedAgoMs + sight.elapsedMs)} ago
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
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
