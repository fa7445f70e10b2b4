import { oldestAge } from '../../../shared/fleet/age.ts';
import { otherMember } from '../../../shared/fleet/cluster-role.ts';
import {
  returnCourse,
  returnDifferences,
  type ComparedMember,
} from '../../../shared/fleet/return-differences.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './guided.module.css';

const states: Record<'fine' | 'differs' | 'not-known', FactState> = {
  fine: 'ok',
  differs: 'warn',
  'not-known': 'unknown',
};

/** A member that has come back beside the other one: what differs, what it means, and what becomes of it. */
export function DifferencesCard(props: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { sight, member } = props;
  const other = otherMember(sight, member);
  if (other === null) return null;
  const [mine, theirs] = [comparedMember(member), comparedMember(other)];
  return (
    <>
      <Card
        title="What differs"
        note="as both members tell"
        age={{
          ms: oldestAge([member.heardMs, other.heardMs]),
          sourceSilent: member.silent || other.silent,
        }}
      >
        <div className={table.scroll}>
          <table className={`${table.table} ${table.dense}`}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">{member.name}</th>
                <th scope="col">{other.name}</th>
              </tr>
            </thead>
            <tbody>
              {returnDifferences(mine, theirs).map(({ what, own, other: theirOwn, state, means }) => (
                <tr key={what}>
                  <th scope="row" className={table.nowrap}>
                    <StateIcon state={states[state]} /> {what}
                  </th>
                  <td>
                    {own ?? '?'}
                    {means !== '' && <div className="small ink2">{means}</div>}
                  </td>
                  <td className="ink2">{theirOwn ?? '?'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card title="What happens now">
        <div className={classes.form}>
          {returnCourse(mine, theirs).map((sentence) => (
            <span key={sentence}>{sentence}</span>
          ))}
        </div>
      </Card>
    </>
  );
}

/** What a silent member last said is no word on now. */
function comparedMember({ name, silent, snapshot }: MemberSight): ComparedMember {
  return { name, snapshot: silent ? null : snapshot };
}
