import { format, parseISO } from 'date-fns';
import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import type { RequestVerb } from '../../../shared/agent-api/agent-api.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { administratorBlockers, askerBlockers } from '../../../shared/fleet/asker.ts';
import { isOwn, type RequestSight } from '../../../shared/fleet/second-person.ts';
import { leftNow, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { capital } from '../../../shared/fleet/wording.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { GuidedPage } from '../operations/guided-page.tsx';
import guided from '../operations/guided.module.css';
import { ReasonField } from '../operations/reason-field.tsx';
import { useRequest } from '../operations/use-request.ts';
import { RequestedPlan } from './requested-plan.tsx';

type WaitingProps = RequestSight & { readonly sight: ClusterSight };

/** It waits: who asked, since when, until when, what it would do; to agree or to decline, or to withdraw it. */
export function WaitingPage({ sight, member, request }: WaitingProps) {
  const act = useDecision({ sight, member, request });
  const me = useSnapshot()?.me ?? { name: '', role: 'viewer' as const };
  const { connected } = useConnection();
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  const { id } = sight.cluster;
  const leave = () =>
    declining ? setDeclining(false) : navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending ? null : leave);
  const own = isOwn(request, me.name);
  const asker = { role: me.role, connected };
  const adminOnly = ['schedule', 'force-takeover', 'second-person'].includes(request.verb);
  const [refused] = adminOnly && !own ? administratorBlockers(asker) : askerBlockers(asker);
  const left = formatSpan(leftNow(member, request.leftMs) ?? 0);
  const { state } = request;
  return (
    <GuidedPage
      sight={sight}
      title={`${capital(request.what)} waits for a second person`}
      crumb="Second person"
      aside="Nothing is changed yet. Automatic failover goes on as always."
      current="Confirm"
      chip={
        <Chip tone="quiet" shape="square" icon={UserRoundCheck}>
          {`Ends in ${left}`}
        </Chip>
      }
      notes={{ Confirm: 'second person', Plan: request.by }}
      foot={
        <Foot
          {...{ own, declining, reason, pending: act.pending, refused: refused?.reason ?? null }}
          onLeave={leave}
          onDecline={() => (declining ? act.decide('decline', reason.trim()) : setDeclining(true))}
          onAct={(verb) => act.decide(verb, '')}
        />
      }
    >
      {act.unknown && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          {member.name} did not answer in time. What became of it is shown here by itself; saying the same
          again cannot begin it twice.
        </Notice>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      <Notice
        kind="waiting"
        title={`Asked for by ${request.by} at ${timeOf(request.askedAt)}, until ${timeOf(request.until)}`}
      >
        <p>{request.reason === '' ? 'No reason was given.' : `Reason: ${request.reason}`}</p>
        <p>
          {own
            ? `You have asked for it under this name, so another person has to agree: on another workstation, or on a server with ixha agree ${id} --request ${request.id}. You can withdraw it.`
            : `If you agree, ${member.name} judges it anew and begins it at once. It is in the journal under both names.`}
        </p>
        <p className="ink3">
          Request <span className="mono">{request.id}</span>, kept by {member.name} in epoch {request.epoch}.
          It ends by itself, and when the cluster moves.
        </p>
      </Notice>
      {declining && (
        <Card title="Decline" note={request.what}>
          <div className={guided.form}>
            <span>{request.by} is told why. Nothing is changed.</span>
            <ReasonField first example="the backup still runs" reason={reason} onReason={setReason} />
          </div>
        </Card>
      )}
      {state === 'waiting' && (
        <RequestedPlan sight={sight} request={request} asker={asker} refused={act.blockers} />
      )}
    </GuidedPage>
  );
}

const timeOf = (wallTime: string) => format(parseISO(wallTime), 'HH:mm');

/** Sends a person's word to the member that keeps the request. */
function useDecision({ sight, member, request }: WaitingProps) {
  const { client, newKey } = useConsole();
  const [key] = useState(newKey);
  const asked = useRequest(sight);
  const decide = (verb: RequestVerb, reason: string) =>
    asked.ask(() =>
      client.call('decideRequest', {
        ...{ cluster: sight.cluster.id, server: member.server, verb, request: request.id, reason },
        ...{
          epoch: member.snapshot?.lease.epoch ?? 0,
          idempotencyKey: `${verb.slice(0, 1)}${key}`.slice(0, 64),
        },
      }),
    );
  return { ...asked, decide };
}

function Foot(props: {
  readonly own: boolean;
  readonly declining: boolean;
  readonly reason: string;
  readonly pending: boolean;
  readonly refused: string | null;
  readonly onLeave: () => void;
  readonly onDecline: () => void;
  readonly onAct: (verb: 'agree' | 'withdraw') => void;
}) {
  const { own, declining, reason, pending, refused, onLeave, onDecline, onAct } = props;
  const unsaid =
    declining && reason.trim() === '' ? 'write the reason first. Nothing has been changed.' : null;
  const notYet = refused ?? unsaid;
  const idle = pending || refused !== null;
  const said = own ? 'You asked for it, so somebody else has to agree.' : 'The next click carries it out.';
  return (
    <>
      <span role="status">{pending ? 'Asking…' : notYet === null ? said : `Not yet: ${notYet}`}</span>
      <InkButton act="back" onClick={onLeave} idle={pending}>
        {declining ? 'Back' : 'Decide later'}
      </InkButton>
      {own ? (
        <InkButton act="next" idle={idle} onClick={() => onAct('withdraw')}>
          Withdraw
        </InkButton>
      ) : (
        <>
          <InkButton act={declining ? 'next' : 'other'} idle={idle || unsaid !== null} onClick={onDecline}>
            {declining ? 'Decline' : 'Decline…'}
          </InkButton>
          {!declining && (
            <InkButton act="next" idle={idle} onClick={() => onAct('agree')}>
              Agree
            </InkButton>
          )}
        </>
      )}
    </>
  );
}
