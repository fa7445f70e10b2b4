import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { Proof } from '../../../shared/fleet/queue-book.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { countsOf, verificationSentence } from '../../../shared/verification/verification.ts';
import { useConsole } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { ProofChip } from '../../components/proof-chip.tsx';
import { ReportMenu } from '../../components/report-menu.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { LedgerTable } from './ledger-table.tsx';
import { LinePanel } from './line-panel.tsx';
import { LineTable } from './line-table.tsx';
import { LookChoice } from './look-choice.tsx';
import { SignForm } from './sign-form.tsx';
import { useVerification, type VerificationState } from './use-verification.ts';
import classes from './verification.module.css';

export interface VerificationPageProps {
  readonly sight: ClusterSight;
  /** Null: the newest move. */
  readonly operation: string | null;
}

/** The proof of one move, line by line, with what people said of it. */
export function VerificationPage({ sight, operation }: VerificationPageProps) {
  const { id } = sight.cluster;
  const [wanted, want] = useState<string | null>(null);
  const { state, error, checkAgain, shown } = useVerification(id, operation, wanted);
  const kept = state?.kept ?? null;
  return (
    <div className={classes.page}>
      <Head cluster={id} kept={kept} state={state} onChoose={want} />
      {error && <ErrorNotice error={error} />}
      {state?.progress && <UnderWay progress={state.progress} again={kept !== null} />}
      {!state && !error && (
        <Notice kind="waiting" title="The verification is read">
          It is kept on this workstation and is here within a second.
        </Notice>
      )}
      {kept?.later !== undefined && <NotNewest look={kept.look} onNewest={() => want(null)} />}
      {kept && (
        <Body
          key={`${kept.verification.move.operation} ${kept.look} ${kept.later ?? ''}`}
          kept={kept}
          busy={state?.progress !== null}
          onCheckAgain={() => {
            want(null);
            checkAgain();
          }}
          onWritten={shown}
        />
      )}
    </div>
  );
}

function Head(props: {
  readonly cluster: string;
  readonly kept: KeptVerification | null;
  readonly state: VerificationState | null;
  readonly onChoose: (hash: string | null) => void;
}) {
  const { cluster, kept, state, onChoose } = props;
  const progress = state?.progress ?? null;
  const looks = state?.looks ?? [];
  const hasChoice = looks.length > 1;
  const move = kept?.verification.move ?? null;
  const title =
    kept !== null
      ? verificationSentence(kept.verification)
      : progress !== null
        ? `The last move of ${cluster} is verified now`
        : `Verification of ${cluster}`;
  return (
    <header className={classes.head}>
      <div>
        <nav className={classes.crumbs} aria-label="Breadcrumb">
          <a href={routeHash({ page: 'cluster', cluster, tab: 'topology' })}>{cluster}</a>
          <ChevronRight aria-hidden />
          {move && (
            <>
              <a href={routeHash({ page: 'operation', cluster, operation: move.operation })}>
                {move.title}, {formatWallTime(move.beganAt)}
              </a>
              <ChevronRight aria-hidden />
            </>
          )}
          <span>
            Verification
            {kept && !hasChoice && `, looked at ${formatWallTime(kept.verification.checkedAt)}`}
          </span>
          {kept && hasChoice && <LookChoice looks={looks} shown={kept.hash} onChoose={onChoose} />}
        </nav>
        <h1>{title}</h1>
      </div>
      {kept && <Counts kept={kept} />}
      {kept && <Export kept={kept} />}
    </header>
  );
}

const proofs: readonly Proof[] = ['proven', 'consistent', 'unknown', 'violated'];

function Counts({ kept }: { readonly kept: KeptVerification }) {
  const counts = countsOf(kept.verification);
  return (
    <div className={classes.counts}>
      {proofs.map((proof) =>
        counts[proof] === 0 ? (
          <span key={proof} className="ink3">
            no {proof.toUpperCase()}
          </span>
        ) : (
          <span key={proof} className={classes.count}>
            <ProofChip proof={proof} /> <b className="num">{counts[proof]}</b>
          </span>
        ),
      )}
    </div>
  );
}

function Export({ kept }: { readonly kept: KeptVerification }) {
  const { client } = useConsole();
  const { cluster, operation, epoch } = kept.verification.move;
  return (
    <ReportMenu
      label={`${cluster}, epoch ${epoch}, with hash`}
      table={`${kept.verification.lines.length} lines`}
      schema="schema 2"
      make={(choice) =>
        client.call('exportVerification', {
          ...{ cluster, operation, ...choice },
          ...(kept.later === undefined ? {} : { wanted: kept.hash }),
        })
      }
    />
  );
}

/** What is shown has been overtaken: nobody shall take it for the last word. */
function NotNewest({ look, onNewest }: { readonly look: number; readonly onNewest: () => void }) {
  return (
    <Notice kind="warn" title={`This is look ${look}, as it was then`}>
      A later look or judgement is kept. This one can be read and exported, and is signed no more.{' '}
      <InkButton act="back" onClick={onNewest}>
        Show the newest
      </InkButton>
    </Notice>
  );
}

function UnderWay(props: {
  readonly progress: NonNullable<VerificationState['progress']>;
  readonly again: boolean;
}) {
  const { sinceMs, limitMs, looks, awaits } = props.progress;
  return (
    <Notice
      kind="waiting"
      title={`The evidence is looked at${props.again ? ' again' : ''}, for ${formatSpan(sinceMs)} of at most ${formatSpan(limitMs)}`}
    >
      {looks === 0 ? awaits : `Look ${looks}. Still awaited: ${awaits}`} It goes on if this page is left.
    </Notice>
  );
}

function Body(props: {
  readonly kept: KeptVerification;
  readonly busy: boolean;
  readonly onCheckAgain: () => void;
  readonly onWritten: (kept: KeptVerification) => void;
}) {
  const { kept, busy, onCheckAgain, onWritten } = props;
  const { lines, ledger } = kept.verification;
  const open =
    lines.find(({ verdict }) => verdict === 'violated') ?? lines.find(({ verdict }) => verdict === 'unknown');
  const [selected, setSelected] = useState((open ?? lines[0])?.id ?? '');
  const line = lines.find(({ id }) => id === selected);
  return (
    <div className={classes.body}>
      <div className={classes.tables}>
        <LineTable kept={kept} selected={selected} onSelect={setSelected} />
        <LedgerTable ledger={ledger} />
      </div>
      <aside className={classes.panel} aria-label="Line, judgement and signature">
        {line && (
          <LinePanel
            key={line.id}
            kept={kept}
            line={line}
            busy={busy}
            onCheckAgain={onCheckAgain}
            onWritten={onWritten}
          />
        )}
        <SignForm kept={kept} onWritten={onWritten} />
      </aside>
    </div>
  );
}
