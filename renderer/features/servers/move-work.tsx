import { useState } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { emptyMoveForm, moveFormLack, moveTargetOf } from '../../../shared/servers/move-form.ts';
import type { MoveTarget, OpenMove, ServersView } from '../../../shared/servers/servers-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { StoreFields } from './store-fields.tsx';
import classes from './servers.module.css';
import { workWords } from './work-words.ts';

interface MoveProps {
  readonly view: ServersView;
  readonly site: SiteSight;
  readonly refusal: string | null;
}

/** Where the lease store shall be, the look at what that changes, and only then the move; or the end of one that stopped. */
export function MoveStore({ view, site, refusal }: MoveProps) {
  const [form, setForm] = useState(() => emptyMoveForm(site.site.id));
  if (view.openMove !== null) return <OpenMoveEnds move={view.openMove} refusal={refusal} />;
  const target = moveTargetOf(form);
  const lack = refusal ?? moveFormLack(form);
  const seen = JSON.stringify(view.lookedAt) === JSON.stringify(target);
  return (
    <>
      <StoreFields form={form} onChange={setForm} {...{ view, site }} />
      <div className={classes.foot}>
        <ActButton target={target} plan next={!seen} refusal={lack}>
          {seen ? 'Look again what it changes' : 'Look what it changes'}
        </ActButton>
        {lack === null && (
          <ActButton
            target={target}
            plan={false}
            next={seen}
            refusal={seen ? null : 'look first at what it changes'}
          >
            {workWords.move.begin}
          </ActButton>
        )}
      </div>
    </>
  );
}

function ActButton(props: {
  readonly target: MoveTarget;
  readonly plan: boolean;
  readonly next: boolean;
  readonly refusal: string | null;
  readonly children: string;
}) {
  const { target, plan, next, refusal, children } = props;
  const { servers } = useConsole();
  return (
    <InkButton
      act={next ? 'next' : 'other'}
      refusal={refusal}
      onClick={() => void servers.getState().act({ act: 'move', target, plan })}
    >
      {children}
    </InkButton>
  );
}

/** Both ends of a move that stopped in the middle are open; each step is found again by looking. */
function OpenMoveEnds({ move, refusal }: { readonly move: OpenMove; readonly refusal: string | null }) {
  return (
    <Notice kind="warn" title={`The move from ${move.from} to ${move.to} has not ended`}>
      <div className={classes.body}>
        <p>
          It was begun at {move.begunAt.slice(0, 16).replace('T', ' ')} UTC. Engines serve on. A cluster whose
          members do not belong to one store that works cannot fail over by itself: end the move soon, either
          way. Each step is found again by looking, and nothing is done twice.
        </p>
        <div className={classes.foot}>
          <ActButton target={{ to: 'start' }} plan={false} next={false} refusal={refusal}>
            {`Go back to ${move.from}`}
          </ActButton>
          {refusal === null && (
            <ActButton target={{ to: 'goal' }} plan={false} next refusal={null}>
              {`Go on to ${move.to}`}
            </ActButton>
          )}
        </div>
      </div>
    </Notice>
  );
}
