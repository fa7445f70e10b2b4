import { ArrowRight } from 'lucide-react';
import { useId } from 'react';
import { InkButton } from '../../components/ink-button.tsx';

/** The state of the foot, heard when it changes: why its button cannot be pressed, or what it will do. */
function FootWords(props: {
  readonly id: string;
  readonly notYet: string | null;
  readonly children: string;
}) {
  return (
    <span id={props.id} role="status">
      {props.notYet === null ? (
        props.children
      ) : (
        <>
          <b>Not yet:</b> {props.notYet}
        </>
      )}
    </span>
  );
}

/** Under blockers and plan: nothing is asked yet. */
export function PlanFoot(props: {
  readonly blocked: number;
  readonly onLeave: () => void;
  readonly onContinue: () => void;
  /** Another way to the same; absent: there is none. */
  readonly other?: { readonly words: string; readonly onGo: () => void } | null;
}) {
  const wordsId = useId();
  const notYet = props.blocked > 0 ? clearFirst(props.blocked) : null;
  return (
    <>
      <FootWords id={wordsId} notYet={notYet}>
        Nothing has been changed.
      </FootWords>
      <InkButton act="back" onClick={props.onLeave}>
        Cancel
      </InkButton>
      {props.other && <InkButton onClick={props.other.onGo}>{props.other.words}</InkButton>}
      <InkButton
        act="next"
        idle={notYet !== null}
        aria-describedby={wordsId}
        onClick={props.onContinue}
        rightSection={<ArrowRight aria-hidden />}
      >
        Continue to confirm
      </InkButton>
    </>
  );
}

export interface ConfirmFootProps {
  /** The act under its own name. */
  readonly name: string;
  /** Why it cannot be done yet; null: it can. */
  readonly missing: string | null;
  readonly pending: boolean;
  /** Said while it is asked. */
  readonly asking: string;
  readonly onLeave: () => void;
  /** Null: there is no plan before it. */
  readonly onBack: (() => void) | null;
  readonly onAct: () => void;
  /** What it can lead to is explained above it. */
  readonly dangerous?: boolean;
}

/** Under the confirmation: the next click does it. */
export function ConfirmFoot(props: ConfirmFootProps) {
  const wordsId = useId();
  const inert = props.missing !== null || props.pending;
  return (
    <>
      <FootWords id={wordsId} notYet={props.missing}>
        {props.pending ? props.asking : 'The next click starts it.'}
      </FootWords>
      <InkButton act="back" onClick={props.onLeave} idle={props.pending} aria-describedby={wordsId}>
        Cancel
      </InkButton>
      {props.onBack && (
        <InkButton onClick={props.onBack} idle={props.pending} aria-describedby={wordsId}>
          Back to the plan
        </InkButton>
      )}
      <InkButton
        act={props.dangerous === true ? 'danger' : 'next'}
        idle={inert}
        aria-describedby={wordsId}
        onClick={props.onAct}
      >
        {props.name}
      </InkButton>
    </>
  );
}

/** What is missing before a confirmation can be given. */
export function missingReason(blocked: number, reason: string): string | null {
  if (blocked > 0) return clearFirst(blocked);
  return reason.trim() === '' ? 'write the reason first. Nothing has been changed.' : null;
}

function clearFirst(blocked: number): string {
  return `clear the ${blocked === 1 ? 'blocker' : 'blockers'} first. Nothing has been changed.`;
}
