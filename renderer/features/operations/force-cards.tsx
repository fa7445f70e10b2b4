import { NativeSelect, TextInput } from '@mantine/core';
import type { ForcePlan } from '../../../shared/fleet/force-plan.ts';
import { twoEnginesPossible } from '../../../shared/failover/rules/forced-words.ts';
import { fenceStatements, type FenceStatement } from '../../../shared/lease/forced.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { missingReason } from './guided-foot.tsx';
import classes from './guided.module.css';
import { ReasonField } from './reason-field.tsx';

/** What is known of the other member, lease store, lease and storage; each with its age. */
export function KnownCard({ plan }: { readonly plan: Pick<ForcePlan, 'facts' | 'target'> }) {
  return (
    <Card title="What is known" note="by those who answer; silence is no proof that a server is off">
      <table className={`${table.table} ${table.dense}`}>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">Known</th>
            <th scope="col" className={table.right}>
              Last heard
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.facts.map((fact) => (
            <tr key={fact.what}>
              <th scope="row" className={table.nowrap}>
                {fact.what}
              </th>
              <td>
                <StateIcon state={fact.ok === null ? 'unknown' : fact.ok ? 'ok' : 'warn'} /> {fact.text}
              </td>
              <td className={table.right}>
                <Age ms={fact.ageMs} sourceSilent={plan.target.silent} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

const statements: Record<FenceStatement, string> = {
  'power-off': 'powered off, and it stays off',
  'network-and-storage-cut': 'cut off from network and storage, and it stays so',
};

export interface FenceWish {
  readonly statement: FenceStatement | null;
  readonly typedName: string;
  readonly reason: string;
}

export const noWish: FenceWish = { statement: null, typedName: '', reason: '' };

/** The statement, the typed name and the reason, under the sentence of what can happen. */
export function FenceConfirmCard(props: {
  readonly other: string;
  readonly cluster: string;
  /** What is confirmed, in the head of the card. */
  readonly note: string;
  /** How long the statement must stay true, as a sentence. */
  readonly stays: string;
  readonly example: string;
  readonly wish: FenceWish;
  readonly onWish: (wish: FenceWish) => void;
}) {
  const { other, cluster, wish, onWish } = props;
  return (
    <>
      <Notice kind="danger" title="Two engines are possible">
        {twoEnginesPossible(other)}
      </Notice>
      <Card title="Confirm" note={props.note}>
        <div className={classes.form}>
          <NativeSelect
            label={`I state that ${other} is`}
            description={props.stays}
            autoFocus
            data={[
              { value: '', label: 'Choose what you have made sure of' },
              ...fenceStatements.map((value) => ({ value, label: statements[value] })),
            ]}
            value={wish.statement ?? ''}
            onChange={(event) => {
              const chosen = fenceStatements.find((value) => value === event.currentTarget.value);
              onWish({ ...wish, statement: chosen ?? null });
            }}
          />
          <TextInput
            label={`Type the name of the cluster: ${cluster}`}
            value={wish.typedName}
            autoComplete="off"
            onChange={(event) => onWish({ ...wish, typedName: event.currentTarget.value })}
          />
          <ReasonField
            example={props.example}
            reason={wish.reason}
            onReason={(reason) => onWish({ ...wish, reason })}
          />
        </div>
      </Card>
    </>
  );
}

/** What is missing before a statement can be given; null: nothing. */
export function missingStatement(blocked: number, cluster: string, wish: FenceWish): string | null {
  if (blocked > 0) return missingReason(blocked, wish.reason);
  if (wish.statement === null) return 'say what you have made sure of first. Nothing has been changed.';
  if (wish.typedName !== cluster) return `type ${cluster} first. Nothing has been changed.`;
  return missingReason(blocked, wish.reason);
}
