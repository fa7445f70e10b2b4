import { useState } from 'react';
import { readinessHelp } from '../../../shared/help/outcomes.ts';
import { guarantees } from '../../../shared/readiness/check.ts';
import { isUnmet, type SubjectResult } from '../../../shared/readiness/results.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Explained } from '../../components/term.tsx';
import { AnswerForm, type About } from './answer-form.tsx';
import classes from './readiness.module.css';
import { SnoozeForm } from './snooze-form.tsx';
import type { StandingRow } from './standing-rows.ts';

const words: Record<SubjectResult['verdict'], string> = {
  ok: 'met',
  warning: 'look at it',
  failed: 'failed',
  unknown: 'unknown',
  'not-applicable': 'does not apply',
};

/** Why a check matters, what was found for whom, and what can be done about it. */
export function CheckDetail({ row }: { readonly row: StandingRow }) {
  const { readiness } = useConsole();
  const { check, result } = row;
  const protects = check.protects.map((one) => guarantees[one]).join(', ');
  return (
    <div className={classes.detailBox}>
      <p>
        {check.why} <span className="ink3">Protects: {protects}.</span>
      </p>
      <ul className={classes.subjects}>
        {result.subjects.map((subject) => (
          <Subject key={subject.subject} row={row} subject={subject} />
        ))}
      </ul>
      <div className={classes.detailFoot}>
        <span className="small ink3">
          Check {check.id}, to be looked at {check.every}.
        </span>
        <InkButton onClick={() => void readiness.getState().act({ act: 'run', check: check.id })}>
          Run this check
        </InkButton>
      </div>
    </div>
  );
}

/** The verdict in a word, with what it means for messages. */
function VerdictWord({ verdict }: Pick<SubjectResult, 'verdict'>) {
  const { means, meaning } = readinessHelp[verdict];
  return (
    <Explained label={`${means} For your messages: ${meaning}`}>
      <span className="ink3" tabIndex={0}>
        ({words[verdict]})
      </span>
    </Explained>
  );
}

function Subject({ row, subject }: { readonly row: StandingRow; readonly subject: SubjectResult }) {
  const role = useSnapshot()?.me.role ?? 'viewer';
  const [doing, setDoing] = useState<'nothing' | 'answer' | 'snooze'>('nothing');
  const { check } = row;
  const byPeople = check.how.by === 'person';
  const about = { check: check.id, subject: subject.subject };
  const done = () => setDoing('nothing');
  return (
    <li>
      <div>
        {subject.subject !== '' && <b>{subject.subject}: </b>}
        {subject.finding}. <VerdictWord verdict={subject.verdict} />
      </div>
      {subject.remedy !== null && (
        <div>
          <b>Next:</b> {subject.remedy}
        </div>
      )}
      {subject.answer && subject.answer.attachment !== '' && <div>Kept at: {subject.answer.attachment}</div>}
      {subject.answer && (
        <div className="small ink3">
          Answered {subject.answer.date} by {subject.answer.by}, counts until {subject.answer.expires}.
        </div>
      )}
      {doing === 'answer' && <AnswerForm about={about} answer={subject.answer} onDone={done} />}
      {doing === 'snooze' && <SnoozeForm about={about} onDone={done} />}
      {doing === 'nothing' && role !== 'viewer' && (
        <SubjectActs about={about} subject={subject} byPeople={byPeople} onDo={setDoing} />
      )}
    </li>
  );
}

function SubjectActs(props: {
  readonly about: About;
  readonly subject: SubjectResult;
  readonly byPeople: boolean;
  readonly onDo: (what: 'answer' | 'snooze') => void;
}) {
  const { readiness } = useConsole();
  const { about, subject, byPeople, onDo } = props;
  const { answer, snooze, verdict } = subject;
  return (
    <div className={classes.subjectActs}>
      {byPeople && (
        <InkButton act={answer === null ? 'next' : 'other'} onClick={() => onDo('answer')}>
          {answer === null ? 'Answer' : 'Answer anew'}
        </InkButton>
      )}
      {byPeople && answer !== null && (
        <InkButton onClick={() => void readiness.getState().act({ act: 'withdraw', ...about })}>
          Take the answer back
        </InkButton>
      )}
      {isUnmet(verdict) && snooze === null && (
        <InkButton onClick={() => onDo('snooze')}>Put aside…</InkButton>
      )}
      {snooze !== null && (
        <InkButton onClick={() => void readiness.getState().act({ act: 'wake', ...about })}>
          Look at it again now
        </InkButton>
      )}
    </div>
  );
}
