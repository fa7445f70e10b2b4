import { oldestAge } from '../../../shared/fleet/age.ts';
import type { PatchStanding } from '../../../shared/patching/patch-standing.ts';
import { Age } from '../../components/age.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { endsAt } from '../operations/hold-cards.tsx';
import guided from '../operations/guided.module.css';
import classes from './patching.module.css';

/** Every cluster of the server as it is now: who is what, and whether somebody would take over. */
export function PatchLive({
  standing,
  meanwhile,
}: {
  readonly standing: PatchStanding;
  /** What goes on for senders; null: nothing moves. */
  readonly meanwhile: string | null;
}) {
  const members = standing.clusters.flatMap(({ sight }) => sight.members);
  return (
    <aside className={guided.live} aria-label="State now">
      <div className={guided.liveHead}>
        <span>Now</span>
        <Age
          ms={oldestAge(members.map(({ heardMs }) => heardMs))}
          sourceSilent={members.some(({ silent }) => silent)}
        />
      </div>
      {standing.clusters.map(({ sight, held, blockedBy }) => (
        <section key={sight.cluster.id} className={classes.liveCluster} aria-label={sight.cluster.id}>
          <h2>{sight.cluster.id}</h2>
          {sight.members.map((member) => (
            <div className={guided.liveMember} key={member.server}>
              <span>{member.name}</span>
              <RoleChip role={member.role} />
            </div>
          ))}
          <div className="small ink2">
            {held !== null
              ? `held${held.leftMs === null ? '' : ` until ${endsAt(held.leftMs)}`}, by ${held.by}`
              : (blockedBy ?? 'not held')}
          </div>
        </section>
      ))}
      {meanwhile !== null && (
        <>
          <h2>While it runs</h2>
          <div className="small ink2">{meanwhile}</div>
        </>
      )}
    </aside>
  );
}
