import type { ReactNode } from 'react';
import { questions } from '../../../shared/advisor/answers.ts';
import type { DecisionDocument } from '../../../shared/advisor/decision-document.ts';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { toldAnswers } from '../../../shared/advisor/told-answers.ts';
import { StateIcon } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './record.module.css';

const guaranteeIcons = { met: 'ok', 'not-met': 'warn', 'not-known': 'unknown' } as const;

/** The printed page: verdict first, then what it rests on, and room for signatures. */
export function RecordSheet({ document }: { readonly document: DecisionDocument }) {
  const { recommendation, decision, site, answers } = document;
  const { reasons, traded, missing, guarantees, cautions, wouldChange, notKnown, clusters } = recommendation;
  const recommended = recommendation.design === null ? 'Nothing yet' : designTitles[recommendation.design];
  return (
    <article className={classes.sheet}>
      <h1>{titleOf(document)}</h1>
      <p>{recommendation.summary}</p>
      <dl className={classes.facts}>
        <Fact name="Site">{site === null ? 'still to come' : `${site.name} (${site.id})`}</Fact>
        <Fact name="Recommended">
          {recommended}
          {recommendation.design !== null && !recommendation.settled && ', so far'}
        </Fact>
        <Fact name="Decided">
          {decision === null
            ? 'not yet'
            : `${designTitles[decision.design]}, ${formatWallTime(decision.at)} by ${decision.by}`}
        </Fact>
        {decision !== null && decision.reason !== '' && <Fact name="Because">{decision.reason}</Fact>}
        <Fact name="Answers changed">
          {document.changed === null
            ? 'never'
            : `${formatWallTime(document.changed.at)} by ${document.changed.by}`}
        </Fact>
        <Fact name="Console">{document.consoleVersion}</Fact>
      </dl>
      <Sentences title="Accepted with the decision" lines={decision?.accepted ?? cautions} />
      <Section title="Why" show={reasons.length > 0}>
        <table>
          <thead>
            <tr>
              <th>Question</th>
              <th>Reason</th>
              <th>Speaks for</th>
              <th>Weight</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ id, question, says, favours, weight }) => (
              <tr key={id}>
                <td className="num">{question}</td>
                <td>{says}</td>
                <td>{favours === null ? 'neither' : designTitles[favours]}</td>
                <td className="num">{weight ?? 'rule'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title="Guarantees" show>
        <ul>
          {guarantees.map(({ id, title, state, why }) => (
            <li key={id}>
              <StateIcon state={guaranteeIcons[state]} />
              <span>
                <b>{title}</b> {why}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Missing" show={missing.length > 0}>
        <ul>
          {missing.map(({ id, part, costs, need }) => (
            <li key={id}>
              <StateIcon state={need === 'required' ? 'danger' : 'warn'} />
              <span>
                <b>{part}</b> ({need}). {costs}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Sentences title="Given up" lines={traded} />
      <Sentences title="What would change the answer" lines={wouldChange} />
      <Sentences title="Not known" lines={notKnown} />
      <Section title="Suggested clusters" show={clusters.length > 0}>
        {clusters.map(({ names, load }, index) => (
          <p key={index}>
            <b>
              Cluster {index + 1}, {Math.round(load * 100) / 100} messages a second:
            </b>{' '}
            <bdi>{names.join(', ')}</bdi>
          </p>
        ))}
      </Section>
      <Section title="Answers" show>
        <table>
          <tbody>
            {toldAnswers(answers).map(({ question, about, says }, index, all) => (
              <tr key={about}>
                <td>{all[index - 1]?.question === question ? '' : questions[question - 1]!.title}</td>
                <td>{about}</td>
                <td>{says ?? <i>not answered</i>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <div className={classes.signatures}>
        <span>Decided by, date</span>
        <span>Agreed by, date</span>
      </div>
    </article>
  );
}

function titleOf({ decision, recommendation }: DecisionDocument): string {
  if (decision !== null) return `${designTitles[decision.design]} was decided`;
  return recommendation.design === null
    ? 'No design is decided yet'
    : `${designTitles[recommendation.design]} is recommended, not decided yet`;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Section(props: { readonly title: string; readonly show: boolean; readonly children: ReactNode }) {
  return props.show ? (
    <section>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  ) : null;
}

function Sentences({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <Section title={title} show={lines.length > 0}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Section>
  );
}
