import { Radio } from '@mantine/core';
import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { administratorBlockers } from '../../../shared/fleet/asker.ts';
import { requestsSeen, secondPersonScope } from '../../../shared/fleet/second-person.ts';
import { heardAge, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { capital, endSentence } from '../../../shared/fleet/wording.ts';
import {
  scopeWords,
  secondPersonScopes,
  type SecondPersonScope,
} from '../../../shared/second-person/scope.ts';
import { stateWords } from '../../../shared/second-person/told-request.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList } from '../operations/blocker-list.tsx';
import { ConfirmFoot, missingReason } from '../operations/guided-foot.tsx';
import { GuidedPage } from '../operations/guided-page.tsx';
import guided from '../operations/guided.module.css';
import { ReasonField } from '../operations/reason-field.tsx';
import { useRequest } from '../operations/use-request.ts';

const scopeTexts: Readonly<Record<SecondPersonScope, string>> = {
  none: 'One person alone may ask for every change that the role allows. This is how a cluster begins.',
  planned:
    'Switchover, handover, failback, a scheduled move, maintenance and drills that stop the engine wait until another person has agreed.',
  forced:
    'The same, and a forced takeover too. While nobody else can be reached, nobody can force a takeover then.',
};

/** Which changes of a cluster wait, and what became of the last ones. */
export function ScopePage({ sight }: { readonly sight: ClusterSight }) {
  const { client, newKey } = useConsole();
  const asker = { role: useSnapshot()?.me.role ?? 'viewer', connected: useConnection().connected };
  const present = secondPersonScope(sight);
  const [chosen, setChosen] = useState<SecondPersonScope | null>(null);
  const [reason, setReason] = useState('');
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending && chosen !== present ? null : leave);
  const scope = chosen ?? present ?? 'none';
  const blockers = administratorBlockers(asker);
  if (present === null) blockers.push(unknownScope(id));
  const same = scope === present ? 'choose another setting first. Nothing has been changed.' : null;
  const change = () =>
    act.ask(() =>
      client.call('setSecondPerson', { cluster: id, scope, reason: reason.trim(), idempotencyKey: newKey() }),
    );
  const asking = act.pending && scope !== present;
  return (
    <GuidedPage
      sight={sight}
      title={`Second person for changes of ${id}`}
      crumb="Second person"
      aside="Messages go on as they do now. Automatic failover never waits for anybody."
      current={blockers.length > 0 ? 'Blockers' : 'Confirm'}
      chip={
        <Chip tone="quiet" shape="square" icon={UserRoundCheck}>
          {present === null ? 'Not known' : scopeNames[present]}
        </Chip>
      }
      notes={{ Blockers: blockers.length > 0 ? `${blockers.length} to clear` : 'none', Confirm: 'reason' }}
      foot={
        <ConfirmFoot
          name="Save the setting"
          missing={same ?? missingReason(blockers.length, reason)}
          asking="Asking the lease store…"
          pending={asking}
          onLeave={leave}
          onBack={null}
          onAct={change}
        />
      }
    >
      {act.unknown && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          No answer came in time. If the lease store has it, the setting changes here within seconds.
        </Notice>
      )}
      {act.error && act.error.code !== 'second-person.waits' && <ErrorNotice error={act.error} />}
      <Card title="What waits" note={present === null ? 'not known' : `now: ${scopeWords[present]}`}>
        <div className={guided.form}>
          <Radio.Group
            label={`What waits for a second person in ${id}`}
            description="More needs one person, less needs two. Taking a cluster or its protection back never waits."
            value={scope}
            onChange={setChosen}
          >
            {secondPersonScopes.map((one) => (
              <Radio key={one} value={one} label={scopeNames[one]} description={scopeTexts[one]} mt="xs" />
            ))}
          </Radio.Group>
          <ReasonField example="our rules ask for two persons" reason={reason} onReason={setReason} />
        </div>
      </Card>
      <BlockerList
        blockers={blockers}
        cautions={[]}
        age={heardAge(sight)}
        fine="A member answers, and the lease store keeps the setting for both."
      />
      <LastRequests sight={sight} />
    </GuidedPage>
  );
}

const scopeNames: Readonly<Record<SecondPersonScope, string>> = {
  none: 'Nothing',
  planned: 'Planned changes',
  forced: 'Planned changes and forced takeovers',
};

const unknownScope = (cluster: string) => ({
  code: 'agent.unreachable',
  reason: `No member of ${cluster} that answers knows of second persons.`,
  remedy: 'Bring a member back, or bring this version to its server.',
});

function LastRequests({ sight }: { readonly sight: ClusterSight }) {
  const seen = requestsSeen(sight);
  if (seen.length === 0) return null;
  return (
    <Card title="Last requests" note="as the members keep them">
      <ul className={guided.blockers}>
        {seen.map(({ member, request }) => (
          <li key={`${member.server} ${request.id}`} className={guided.blocker}>
            <UserRoundCheck aria-hidden size="1rem" />
            <div>
              <b>{capital(request.what)}</b>
            </div>
            <div>{`${request.by} had asked for it. ${endSentence(capital(stateWords(request)))}`}</div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
