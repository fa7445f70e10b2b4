import type { MemberEvidence } from '../../../shared/agent-api/member-evidence.ts';
import { ageNow, type MemberSight } from '../../../shared/fleet/sight.ts';
import { Age, AgedValue } from '../../components/age.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './evidence.module.css';

type Role = MemberEvidence['role'];

/** Signals are looked at about every five seconds. */
const signalIntervalMs = 5_000;

/** What each signal says of the member's role for itself, and what they make together. */
export function RoleSignals({ member, role }: { readonly member: MemberSight; readonly role: Role }) {
  return (
    <>
      <p className={classes.sentence}>
        {role.role === 'conflict' && <StateIcon state="danger" />}
        {role.role === 'none' && <StateIcon state="warn" />}
        {role.role === 'unknown' && <StateIcon state="unknown" />}{' '}
        <AgedValue silent={member.silent}>
          <b>{roleWords[role.role]}</b>, {role.confidence} confidence. {role.sentence}
        </AgedValue>
      </p>
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <caption className="visually-hidden">Signals of the role of {member.name}</caption>
          <thead>
            <tr>
              <th scope="col">Signal</th>
              <th scope="col">Says</th>
              <th scope="col">Seen</th>
              <th scope="col" className={table.right}>
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {role.signals.map((signal) => (
              <tr key={signal.name}>
                <th scope="row" className={table.nowrap}>
                  {signalWords[signal.name] ?? signal.name}
                </th>
                <td className={signal.says === null ? 'hatched ink2' : ''}>
                  <span>{signal.says === null ? '?' : saysWords(signal.name, signal.says)}</span>
                </td>
                <td>
                  <AgedValue silent={member.silent}>{signal.text}</AgedValue>
                </td>
                <td className={table.right}>
                  <Age
                    ms={ageNow(member, signal.ageMs)}
                    intervalMs={signalIntervalMs}
                    sourceSilent={member.silent}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const roleWords: Record<Role['role'], string> = {
  active: 'Active',
  passive: 'Passive',
  conflict: 'Conflict',
  none: 'None works',
  unknown: 'Not known',
};

/** By the names of this release; a signal of another one keeps its own. */
const signalWords: Readonly<Record<string, string>> = {
  lease: 'Lease',
  process: 'Process',
  api: 'API',
  components: 'Components',
  listeners: 'Listeners',
  journal: 'Engine journal',
  'active-answer': '/active',
  outsider: 'Outsiders',
};

/** That nobody beside the unit works says nothing of the unit's own role. */
function saysWords(name: string, says: 'active' | 'passive'): string {
  if (name === 'outsider') return says === 'active' ? 'Conflict' : 'none';
  return says === 'active' ? 'Active' : 'Passive';
}
