import { CircleCheck, CircleSlash } from 'lucide-react';
import { useEffect } from 'react';
import type { RequestSight } from '../../../shared/fleet/second-person.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { capital, endSentence } from '../../../shared/fleet/wording.ts';
import { stateWords } from '../../../shared/second-person/told-request.ts';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { GuidedPage } from '../operations/guided-page.tsx';

/** Somebody has decided, or time has: what became of it. A move is followed to its end on its own page. */
export function DecidedPage({
  sight,
  request,
  onLeave,
}: RequestSight & { readonly sight: ClusterSight; readonly onLeave: () => void }) {
  const { id, operations } = sight.cluster;
  const { state, operation, by } = request;
  const begun = state === 'done' || state === 'agreed';
  const shown = operation !== null && operations.some((one) => one.id === operation);
  useEffect(() => {
    if (shown) navigate({ page: 'operation', cluster: id, operation });
  }, [id, operation, shown]);
  const topology = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(topology);
  return (
    <GuidedPage
      sight={sight}
      title={capital(request.what)}
      crumb="Second person"
      current="Result"
      chip={
        <Chip tone="quiet" shape="square" icon={begun ? CircleCheck : CircleSlash}>
          {stateNames[state]}
        </Chip>
      }
      notes={{ Confirm: by, Result: stateNames[state] }}
      foot={
        <>
          <span>{begun ? 'It goes on if this window is closed.' : 'Nothing was changed by it.'}</span>
          <InkButton onClick={onLeave}>Which changes wait…</InkButton>
          <InkButton act="next" onClick={topology}>
            Show the topology
          </InkButton>
        </>
      }
    >
      <Notice kind={begun ? 'done' : 'warn'} title={endSentence(capital(stateWords(request)))}>
        {`${by} had asked for ${request.what}. Both names stand in the journal.`}
      </Notice>
    </GuidedPage>
  );
}

export const stateNames = {
  waiting: 'waits',
  agreed: 'agreed',
  done: 'carried out',
  declined: 'declined',
  withdrawn: 'withdrawn',
  ended: 'ended',
} as const;
