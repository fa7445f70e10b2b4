import { useState } from 'react';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { Sign } from '../../../shared/verification/signs.ts';
import type { CheckedLine } from '../../../shared/verification/verification.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ProofChip } from '../../components/proof-chip.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { JudgeForm } from './judge-form.tsx';
import classes from './verification.module.css';

export interface LinePanelProps {
  readonly kept: KeptVerification;
  readonly line: CheckedLine;
  /** The evidence is being looked at. */
  readonly busy: boolean;
  readonly onCheckAgain: () => void;
  readonly onWritten: (kept: KeptVerification) => void;
}

/** One line: what it claims, every sign of it with who says so, and what to do. */
export function LinePanel({ kept, line, busy, onCheckAgain, onWritten }: LinePanelProps) {
  const [judging, setJudging] = useState(false);
  const judged = kept.judgements.find((one) => one.line === line.id);
  const isOpen = line.verdict === 'unknown' || line.verdict === 'consistent';
  const canJudge = judged === undefined && kept.later === undefined && isOpen;
  return (
    <section className={classes.detail} tabIndex={0} aria-label={line.title}>
      <h2>
        {line.title} <span className="ink3">{line.id}</span>
      </h2>
      <ProofChip proof={line.verdict} />
      <p className="ink2">{line.claim}</p>
      <ul className={classes.signs} aria-label="Signs">
        {line.signs.map((sign) => (
          <SignRow key={`${sign.side} ${sign.from} ${sign.says}`} sign={sign} />
        ))}
      </ul>
      {line.earlier && <Earlier earlier={line.earlier} />}
      {line.next !== null && line.verdict !== 'proven' && (
        <div className={classes.next}>
          <div className="ink3 small">What to do</div>
          {line.next}
        </div>
      )}
      {judged && (
        <div className={classes.next}>
          <div className="ink3 small">
            Judged by {judged.name}, {formatWallTime(judged.at)}
          </div>
          <b>{judged.finding === 'in-order' ? 'In order' : 'Not in order'}.</b> {judged.comment}
        </div>
      )}
      <div className={classes.buttons}>
        <InkButton onClick={onCheckAgain} loading={busy}>
          Check again
        </InkButton>
        {canJudge && !judging && <InkButton onClick={() => setJudging(true)}>Judge…</InkButton>}
      </div>
      {judging && canJudge && (
        <JudgeForm kept={kept} line={line} onWritten={onWritten} onCancel={() => setJudging(false)} />
      )}
    </section>
  );
}

/** The line as another look saw it: when that was, and what the one that is shown could see. */
function Earlier({ earlier }: { readonly earlier: NonNullable<CheckedLine['earlier']> }) {
  const { look, at, verdict, evidence } = earlier;
  return (
    <div className={classes.next}>
      <div className="ink3 small">
        As look {look} saw it, {formatWallTime(at)}
      </div>
      The look that is shown: <b>{verdict.toUpperCase()}</b>, {evidence}.
    </div>
  );
}

const signState: Record<Sign['kind'], FactState> = {
  shown: 'ok',
  fits: 'waiting',
  against: 'danger',
  missing: 'unknown',
};
const signWord: Record<Sign['kind'], string> = {
  shown: 'shown',
  fits: 'fits',
  against: 'speaks against it',
  missing: 'not seen',
};

function SignRow({ sign }: { readonly sign: Sign }) {
  return (
    <li>
      <StateIcon state={signState[sign.kind]} />
      <span>
        <b>{sign.from}</b> {sign.says}
        <span className="visually-hidden">, {signWord[sign.kind]}</span>
      </span>
    </li>
  );
}
