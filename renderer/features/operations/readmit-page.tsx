import { useState } from 'react';
import { readmitBlockers } from '../../../shared/fleet/force-plan.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList } from './blocker-list.tsx';
import { ConfirmFoot, missingReason } from './guided-foot.tsx';
import { DifferencesCard } from './differences-card.tsx';
import { GuidedPage } from './guided-page.tsx';
import classes from './guided.module.css';
import { ReadyChip } from './ready-chip.tsx';
import { ReasonField } from './reason-field.tsx';
import { useRequest } from './use-request.ts';

/** Takes a member back: why it takes no part, what has to come first, the reason, and what became of it. */
export function ReadmitPage({ sight, server }: { readonly sight: ClusterSight; readonly server: string }) {
  const member = sight.members.find((candidate) => candidate.server === server);
  const { id } = sight.cluster;
  const [needs] = useState(member !== undefined && readmissionOf(member) !== null);
  if (member && (needs || readmissionOf(member) !== null)) return <Guide sight={sight} member={member} />;
  if (member) return <Compared sight={sight} member={member} />;
  return (
    <NotFound
      title={`${id} has no member on ${server}`}
      back={{ page: 'cluster', cluster: id, tab: 'topology' }}
      backWords={`Show ${id}`}
    >
      Nothing was started.
    </NotFound>
  );
}

function readmissionOf({ snapshot }: MemberSight) {
  return snapshot?.forced?.readmission ?? null;
}

function stageOf(
  done: boolean,
  begun: boolean,
  blocked: boolean,
): 'Result' | 'Running' | 'Blockers' | 'Confirm' {
  if (done) return 'Result';
  if (begun) return 'Running';
  return blocked ? 'Blockers' : 'Confirm';
}

/** Nobody has to be asked: what differs, and what becomes of it. */
function Compared({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { id } = sight.cluster;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(leave);
  return (
    <GuidedPage
      sight={sight}
      title={`${member.name} in ${id}, beside the other member`}
      crumb="Return"
      current="Result"
      chip={<RoleChip role={member.role} />}
      notes={{ Confirm: 'not needed' }}
      foot={
        <>
          <span>Nothing was asked for.</span>
          <InkButton act="next" onClick={leave}>
            Show the topology
          </InkButton>
        </>
      }
    >
      <DifferencesCard sight={sight} member={member} />
    </GuidedPage>
  );
}

function Guide({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { client, newKey } = useConsole();
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const [reason, setReason] = useState('');
  const [key] = useState(newKey);
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const needed = readmissionOf(member);
  const [why] = useState(needed?.why ?? '');
  const accepted = act.operation !== null;
  const done = (accepted || act.unknown) && !member.silent && needed === null;
  const blockers = done ? [] : readmitBlockers(member, { role, connected });
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending && !done ? null : leave);
  const name = `Re-admit ${member.name} to ${id}`;
  const start = () =>
    act.ask(() =>
      client.call('readmit', {
        cluster: id,
        server: member.server,
        epoch: member.snapshot?.lease.epoch ?? 0,
        idempotencyKey: key,
        reason: reason.trim(),
      }),
    );
  return (
    <GuidedPage
      sight={sight}
      title={done ? `${member.name} takes part in ${id} again` : name}
      crumb="Re-admission"
      aside="Messages go on as they do now. Nothing is moved by this."
      current={stageOf(done, accepted || act.unknown, blockers.length > 0)}
      chip={<ReadyChip blocked={blockers.length} />}
      notes={{ Blockers: blockers.length > 0 ? `${blockers.length} to clear` : 'none', Confirm: 'reason' }}
      foot={
        done ? (
          <>
            <span>Its fence may end now.</span>
            <InkButton act="next" onClick={leave}>
              Show the topology
            </InkButton>
          </>
        ) : (
          <ConfirmFoot
            name={name}
            missing={missingReason(blockers.length, reason)}
            asking={accepted ? `Waiting until ${member.name} says so…` : `Asking ${member.name}…`}
            pending={act.pending}
            onLeave={leave}
            onBack={null}
            onAct={start}
          />
        )
      }
    >
      {act.unknown && !done && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          {member.name} did not answer in time. If it was re-admitted, it says so here within seconds. Asking
          again is harmless.
        </Notice>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {!done && (
        <Card title="Confirm" note={why}>
          <div className={classes.form}>
            <span>
              {member.name} begins with the highest epoch known, Passive, and may take over again from then
              on. Its engine is not started by this.
            </span>
            <ReasonField first example="power is back, disks checked" reason={reason} onReason={setReason} />
          </div>
        </Card>
      )}
      <BlockerList
        blockers={blockers}
        cautions={[]}
        age={{ ms: member.heardMs, sourceSilent: member.silent }}
        fine={`${member.name} answers, and the lease store knows the newest epoch.`}
      />
      <DifferencesCard sight={sight} member={member} />
    </GuidedPage>
  );
}
