import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import { workstationStanding } from '../../../shared/workstations/workstation-standing.ts';
import type { WorkstationsView } from '../../../shared/workstations/workstations-view.ts';
import { useConnection, useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import { roleWords } from './workstation-words.ts';
import classes from './workstations.module.css';

/** Why nothing can be revoked yet, as the end of "Not now: …"; null: it can. Pure. */
export function revokeRefusal(
  chosen: string,
  { refusal }: Pick<WorkstationsView, 'refusal'>,
  asker: { readonly role: ConsoleRole; readonly connected: boolean },
): string | null {
  if (asker.role !== 'admin') return 'only an administrator may revoke';
  if (refusal !== null) return refusal;
  if (!asker.connected) return 'the console’s own program does not answer';
  return chosen === '' ? 'choose the workstation' : null;
}

/** Has all agents refuse a workstation that was lost or shall not work with the site any more. */
export function RevokeCard(props: {
  readonly view: WorkstationsView;
  readonly nowMs: number;
  readonly role: ConsoleRole;
  readonly onView: (view: WorkstationsView) => void;
}) {
  const { view, nowMs, role, onView } = props;
  const { client } = useConsole();
  const { connected } = useConnection();
  const [name, setName] = useState('');
  const [why, setWhy] = useState('');
  const [working, setWorking] = useState(false);
  const [lines, setLines] = useState<readonly string[]>([]);
  const [error, setError] = useState<ProductError | null>(null);
  const others = view.workstations.filter((one) => !one.own && workstationStanding(one, nowMs) !== 'revoked');
  const chosen = others.some((one) => one.name === name) ? name : '';
  const revoke = () => {
    setWorking(true);
    setError(null);
    setLines([]);
    client
      .call('revokeWorkstation', { name: chosen, why })
      .then(
        (answer) => {
          setLines(answer.lines);
          setWhy('');
          onView(answer.view);
        },
        (thrown: unknown) => setError(productErrorOf(thrown)),
      )
      .finally(() => setWorking(false));
  };
  return (
    <Card title="Revoke a workstation" note="lost, or not to be trusted any more">
      <div className={classes.form}>
        {error && <ErrorNotice error={error} />}
        {lines.length > 0 && (
          <Notice kind="done" title="The agents were told.">
            <ul className={classes.lines}>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Notice>
        )}
        <p className="ink2">
          Every agent cuts its connections at once and refuses its certificates from then on, in every role.
          An agent that does not answer gets to know it from the others.
        </p>
        <NativeSelect
          label="Workstation"
          value={chosen}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data={[
            { value: '', label: others.length === 0 ? 'Nobody was invited from here' : 'Choose…' },
            ...others.map((one) => ({ value: one.name, label: `${one.name} (${roleWords[one.role]})` })),
          ]}
        />
        <TextInput
          label="Why"
          placeholder="left the team"
          value={why}
          maxLength={200}
          onChange={({ currentTarget }) => setWhy(currentTarget.value)}
        />
        <div className={classes.foot}>
          <InkButton
            act="danger"
            refusal={working ? null : revokeRefusal(chosen, view, { role, connected })}
            loading={working}
            onClick={revoke}
          >
            Revoke
          </InkButton>
        </div>
      </div>
    </Card>
  );
}
