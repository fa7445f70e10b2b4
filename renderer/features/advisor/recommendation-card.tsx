import { Textarea } from '@mantine/core';
import { FileText } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { designTitles, otherDesign, type Reason } from '../../../shared/advisor/recommend.ts';
import type { SiteDesign } from '../../../shared/setup/draft.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate, routeHash } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './advisor.module.css';
import { useAdvisor } from './use-advisor.ts';

/** What the answers lead to, why, what it costs, and the button that keeps it. */
export function RecommendationCard() {
  const { advice } = useAdvisor();
  const { design, reasons } = advice;
  const speaksFor = reasons.filter(({ favours }) => favours !== null && favours === design);
  const speaksAgainst = reasons.filter(({ favours }) => favours !== null && favours !== design);
  const neutral = reasons.filter(({ favours }) => favours === null);
  return (
    <section className={classes.advice} aria-label="Recommendation" aria-live="polite">
      <div>
        <p className="small ink2">
          {design === null ? 'Recommendation' : advice.settled ? 'Recommended' : 'Recommended so far'}
        </p>
        <h2 className={classes.design}>{advice.headline}</h2>
        <p className="ink2">{advice.summary}</p>
      </div>
      {speaksFor.length > 0 && (
        <Part title="Because" right={pointsWords(advice.points, design, advice.openPoints)}>
          <Reasons reasons={speaksFor} />
        </Part>
      )}
      {speaksAgainst.length > 0 && (
        <Part title={design === null ? 'What rules it out' : 'Against it'}>
          <Reasons reasons={speaksAgainst} />
        </Part>
      )}
      <Lines title="Traded away" lines={advice.traded} />
      <Missing />
      <Lines title="What would change the answer" lines={advice.wouldChange} />
      <Folded title={`Guarantees: ${promiseCount(advice.promises)}`}>
        <ul className={classes.list}>
          {advice.promises.map(({ id, title, state, why }) => (
            <li key={id}>
              <StateIcon state={promiseIcons[state]} />
              <span>
                <b>{title}</b> {why}
              </span>
            </li>
          ))}
        </ul>
      </Folded>
      {neutral.length > 0 && (
        <Folded title={`The same for both: ${neutral.length}`}>
          <Reasons reasons={neutral} />
        </Folded>
      )}
      {advice.open.length > 0 && (
        <Folded title={`Not known: ${advice.open.length}`}>
          <ul className={classes.list}>
            {advice.open.map(({ question, says }) => (
              <li key={says}>
                <Mark question={question} />
                <span>{says}</span>
              </li>
            ))}
          </ul>
        </Folded>
      )}
      <Decision />
    </section>
  );
}

const promiseIcons = { met: 'ok', 'not-met': 'warn', 'not-known': 'unknown' } as const;

function promiseCount(promises: readonly { readonly state: keyof typeof promiseIcons }[]): string {
  const not = promises.filter(({ state }) => state === 'not-met').length;
  const open = promises.filter(({ state }) => state === 'not-known').length;
  const met = promises.length - not - open;
  return `${met} met${not > 0 ? `, ${not} not met` : ''}${open > 0 ? `, ${open} not known` : ''}`;
}

function pointsWords(
  points: Readonly<Record<SiteDesign, number>>,
  design: SiteDesign | null,
  open: number,
): string {
  if (design === null) return '';
  const words = `weight ${points[design]} to ${points[otherDesign(design)]}`;
  return open > 0 ? `${words}, ${open} open` : words;
}

function Part(props: { readonly title: string; readonly right?: string; readonly children: ReactNode }) {
  return (
    <div>
      <h3 className={classes.partTitle}>
        {props.title}
        {props.right !== undefined && <span className="small ink3 num">{props.right}</span>}
      </h3>
      {props.children}
    </div>
  );
}

function Folded(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className={classes.folded}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Part title={title}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Part>
  );
}

function Mark({ question }: { readonly question: number }) {
  return (
    <span className={`${classes.mark} num`}>
      <span className="visually-hidden">Question </span>
      {question}
    </span>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  return (
    <ul className={classes.list}>
      {reasons.map(({ id, question, says, weight }) => (
        <li key={id}>
          <Mark question={question} />
          <span>{says}</span>
          <span className="small ink3 num">{weight === null ? 'rule' : `weight ${weight}`}</span>
        </li>
      ))}
    </ul>
  );
}

function Missing() {
  const { missing } = useAdvisor().advice;
  if (missing.length === 0) return null;
  const required = missing.some(({ need }) => need === 'required');
  return (
    <Part title={required ? 'Missing' : 'Missing, optional'}>
      <ul className={classes.list}>
        {missing.map(({ id, part, costs, need }) => (
          <li key={id}>
            <StateIcon state={need === 'required' ? 'danger' : 'warn'} />
            <span>
              {part}. {costs}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** What was kept, and the button that keeps the recommendation or another design with a reason. */
function Decision() {
  const { advice, view } = useAdvisor();
  const { advisor } = useConsole();
  const [reason, setReason] = useState('');
  const [other, setOther] = useState(false);
  const { decision } = view.record;
  const { design, cautions } = advice;
  const keep = async (chosen: SiteDesign) => {
    if (await advisor.getState().decide(chosen, chosen === design ? '' : reason)) setOther(false);
  };
  const isKept = decision !== null && decision.design === design;
  return (
    <div className={classes.decision}>
      {cautions.length > 0 && (
        <ul className={classes.list} aria-label="What is accepted with it">
          {cautions.map(({ id, says }) => (
            <li key={id}>
              <StateIcon state="warn" />
              <span>{says}</span>
            </li>
          ))}
        </ul>
      )}
      {decision && (
        <p className="small ink2" role="status">
          Kept: <b>{designTitles[decision.design]}</b>, {formatWallTime(decision.at)} by {decision.by}
          {decision.reason === '' ? '' : `, because: ${decision.reason}`}.{' '}
          <a href={routeHash({ page: 'setup', step: 'design' })}>Use it in the setup</a>
        </p>
      )}
      <div className={classes.buttons}>
        {design !== null && (
          <InkButton act="next" onClick={() => void keep(design)}>
            {isKept
              ? 'Keep it with these answers'
              : cautions.length > 0
                ? 'Accept this and keep the design'
                : 'Keep this design'}
          </InkButton>
        )}
        <InkButton
          leftSection={<FileText aria-hidden />}
          onClick={() => navigate({ page: 'decision-record' })}
        >
          Decision record
        </InkButton>
      </div>
      {design !== null && !other && (
        <button type="button" className={classes.link} onClick={() => setOther(true)}>
          Choose {designTitles[otherDesign(design)]} all the same…
        </button>
      )}
      {design !== null && other && (
        <form
          className={classes.other}
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== '') void keep(otherDesign(design));
          }}
        >
          <Textarea
            label="Why it is chosen all the same"
            autosize
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <InkButton type="submit" refusal={reason.trim() === '' ? 'a reason is needed.' : null}>
            Keep {designTitles[otherDesign(design)]}
          </InkButton>
        </form>
      )}
    </div>
  );
}
