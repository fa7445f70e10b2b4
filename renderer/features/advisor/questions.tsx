import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  pollerKinds,
  questions,
  type AdvisorAnswers,
  type QuestionNumber,
} from '../../../shared/advisor/answers.ts';
import { knownSituation, largestShare, percent } from '../../../shared/advisor/known.ts';
import { Choice, FigureField, Presence, Selection } from './answer-fields.tsx';
import classes from './advisor.module.css';
import { useAdvisor } from './use-advisor.ts';

/** The five questions with what follows from them. */
export function Questions() {
  return (
    <section className={classes.questions} aria-label="Questions">
      <Order />
      <Pollers />
      <Load />
      <Team />
      <Present />
    </section>
  );
}

function Question(props: {
  readonly number: QuestionNumber;
  readonly measured?: string | null;
  readonly control?: ReactNode;
  readonly children?: ReactNode;
}) {
  const { title, why } = questions[props.number - 1]!;
  return (
    <div className={classes.question} role="group" aria-labelledby={`question-${props.number}`}>
      <span className={classes.number} aria-hidden>
        {props.number}
      </span>
      <div className={classes.asked}>
        <h2 id={`question-${props.number}`}>{title}</h2>
        <p>{props.measured ?? why}</p>
      </div>
      {props.control}
      {props.children && <div className={classes.follow}>{props.children}</div>}
    </div>
  );
}

/** One part of the answers, and how a change of it is kept. */
function usePart<Key extends 'pollers' | 'load' | 'team' | 'present' | 'tolerated'>(key: Key) {
  const { answers, edit } = useAdvisor();
  const change = (changes: Partial<AdvisorAnswers[Key]>) =>
    edit((now) => ({ ...now, [key]: { ...now[key], ...changes } }));
  return { part: answers[key], change };
}

function Order() {
  const { answers, edit } = useAdvisor();
  return (
    <Question
      number={1}
      control={
        <Choice
          label="Order"
          value={answers.order}
          options={[
            { value: 'none', label: 'No' },
            { value: 'within', label: 'Within each' },
            { value: 'across', label: 'Across' },
          ]}
          onValue={(order) => edit((now) => ({ ...now, order }))}
        />
      }
    />
  );
}

const pollerWords: Record<(typeof pollerKinds)[number], string> = {
  database: 'Database',
  file: 'File',
  ftp: 'FTP',
  other: 'Other',
};

function Pollers() {
  const { problemOf } = useAdvisor();
  const { part, change } = usePart('pollers');
  const asksMore = part.amount === 'some' || part.amount === 'many';
  return (
    <Question
      number={2}
      control={
        <Choice
          label="Pollers"
          value={part.amount}
          options={[
            { value: 'none', label: 'None' },
            { value: 'some', label: 'Some' },
            { value: 'many', label: 'Many' },
          ]}
          onValue={(amount) => change({ amount })}
        />
      }
    >
      {asksMore && (
        <>
          <div className={classes.boxes} role="group" aria-label="Which?">
            <span className="ink2">Which?</span>
            {pollerKinds.map((kind) => (
              <Checkbox
                key={kind}
                size="xs"
                label={pollerWords[kind]}
                checked={part.kinds.includes(kind)}
                onChange={({ currentTarget }) =>
                  change({
                    kinds: pollerKinds.filter((other) =>
                      other === kind ? currentTarget.checked : part.kinds.includes(other),
                    ),
                  })
                }
              />
            ))}
          </div>
          <FigureField
            label="How many"
            value={part.count}
            problem={problemOf('pollers.count')}
            onValue={(count) => change({ count })}
          />
          <Selection
            label="Reading twice does"
            value={part.doubleRead}
            options={[
              { value: 'harmful', label: 'harm' },
              { value: 'harmless', label: 'no harm' },
            ]}
            onValue={(doubleRead) => change({ doubleRead })}
          />
        </>
      )}
    </Question>
  );
}

function Load() {
  const { problemOf, answers } = useAdvisor();
  const { part, change } = usePart('load');
  const tolerated = usePart('tolerated');
  const known = knownSituation(answers);
  const share = largestShare(known);
  return (
    <Question
      number={3}
      measured={share === null ? null : `At most ${percent(share)} of one server, by your figures.`}
      control={
        <Choice
          label="Priority"
          value={part.priority}
          options={[
            { value: 'simplicity', label: 'Simplicity' },
            { value: 'balanced', label: 'Balanced' },
            { value: 'throughput', label: 'Throughput' },
          ]}
          onValue={(priority) => change({ priority })}
        />
      }
    >
      <FigureField
        label="Messages/s at the peak"
        value={part.perSecond}
        problem={problemOf('load.perSecond')}
        onValue={(perSecond) => change({ perSecond })}
      />
      <FigureField
        label="In two years"
        value={part.perSecondInTwoYears}
        problem={problemOf('load.perSecondInTwoYears')}
        onValue={(perSecondInTwoYears) => change({ perSecondInTwoYears })}
      />
      <FigureField
        label="One server carries"
        value={part.capacityPerSecond}
        problem={problemOf('load.capacityPerSecond')}
        onValue={(capacityPerSecond) => change({ capacityPerSecond })}
      />
      <FigureField
        label="Interfaces"
        value={known.interfaces ?? part.interfaces}
        problem={problemOf('load.interfaces')}
        onValue={(interfaces) => change({ interfaces })}
      />
      <FigureField
        label="Tolerated downtime, s"
        value={tolerated.part.downtimeSeconds}
        problem={problemOf('tolerated.downtimeSeconds')}
        onValue={(downtimeSeconds) => tolerated.change({ downtimeSeconds })}
      />
      <div className={classes.split}>
        <span className="ink2">Can the interfaces be split so that no order crosses the line?</span>
        <Choice
          label="Can they be split?"
          value={part.divisible}
          options={[
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ]}
          onValue={(divisible) => change({ divisible })}
        />
      </div>
    </Question>
  );
}

function Team() {
  const { problemOf } = useAdvisor();
  const { part, change } = usePart('team');
  return (
    <Question
      number={4}
      control={
        <Choice
          label="Effort"
          value={part.effort}
          options={[
            { value: 'little', label: 'Little' },
            { value: 'some', label: 'Some' },
            { value: 'much', label: 'A lot' },
          ]}
          onValue={(effort) => change({ effort })}
        />
      }
    >
      <FigureField
        label="People on call"
        value={part.onCall}
        problem={problemOf('team.onCall')}
        onValue={(onCall) => change({ onCall })}
      />
      <FigureField
        label="Changes in a month"
        value={part.changesPerMonth}
        problem={problemOf('team.changesPerMonth')}
        onValue={(changesPerMonth) => change({ changesPerMonth })}
      />
      <Selection
        label="Experience with such a site"
        value={part.experience}
        options={[
          { value: 'none', label: 'none' },
          { value: 'some', label: 'some' },
          { value: 'much', label: 'much' },
        ]}
        onValue={(experience) => change({ experience })}
      />
    </Question>
  );
}

const presences = [
  { key: 'storagePerCluster', label: 'A directory for every cluster' },
  { key: 'thirdMachine', label: 'Third machine for the lease' },
  { key: 'licences', label: 'Licence for all on one server' },
  { key: 'secondNetwork', label: 'Second heartbeat network' },
  { key: 'storageCut', label: 'Way to cut storage' },
  { key: 'powerSwitch', label: 'Power switch (IPMI)' },
] as const;

function Present() {
  const { answers, edit, problemOf } = useAdvisor();
  const { part, change } = usePart('present');
  const tolerated = usePart('tolerated');
  return (
    <Question number={5}>
      <Selection
        label="Storage"
        value={part.storage}
        options={[
          { value: 'shared', label: 'shared, both servers see it' },
          { value: 'copied', label: 'copied between the servers' },
          { value: 'none', label: 'none of these' },
        ]}
        onValue={(storage) => change({ storage })}
      />
      <Selection
        label="Load balancer"
        value={part.balancer}
        options={[
          { value: 'by-cluster', label: 'routes by port, path or address' },
          { value: 'one-address', label: 'one address only' },
          { value: 'none', label: 'none' },
        ]}
        onValue={(balancer) => change({ balancer })}
      />
      <Selection
        label="Tolerated loss"
        value={tolerated.part.loss}
        options={[
          { value: 'none', label: 'no message' },
          { value: 'seconds', label: 'the last seconds' },
        ]}
        onValue={(loss) => tolerated.change({ loss })}
      />
      <FigureField
        label="Sites"
        value={answers.sites}
        problem={problemOf('sites')}
        onValue={(sites) => edit((now) => ({ ...now, sites }))}
      />
      <div className={classes.presences}>
        {presences.map(({ key, label }) => (
          <Presence key={key} label={label} value={part[key]} onValue={(value) => change({ [key]: value })} />
        ))}
      </div>
    </Question>
  );
}
