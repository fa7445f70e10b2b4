import { factNames } from '../../../shared/history/member-then.ts';
import { factWord } from '../../../shared/history/site-difference.ts';
import { ageWords, factTitles } from '../../../shared/history/text-lines.ts';
import { Facts } from '../../components/fact-list.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import classes from './instant-card.module.css';
import { useAnswer } from './use-answer.ts';

export interface PastPanelProps {
  /** Null: of the site that is shown; else of this bundle. */
  readonly source?: string | null;
  /** Wall times, ISO 8601 in UTC: the picked instant, and the one that it is compared with. */
  readonly at: string;
  readonly comparedWith: string | null;
  readonly nameOf: (server: string) => string;
  /** From now on the picked instant is the one to compare with; null: nothing is compared any more. */
  readonly onCompare: (at: string | null) => void;
  /** The topology of a cluster at that instant is wanted. */
  readonly onDraw: (cluster: string) => void;
}

/** The site as the journals tell it for the picked instant, or what changed between two of them. */
export function PastPanel({ source = null, at, comparedWith, nameOf, onCompare, onDraw }: PastPanelProps) {
  const isComparing = comparedWith !== null && comparedWith !== at;
  return (
    <section className={classes.record} aria-label="As the journals tell it">
      <div className={classes.acts}>
        {comparedWith === null ? (
          <InkButton onClick={() => onCompare(at)}>Compare with another instant</InkButton>
        ) : (
          <InkButton onClick={() => onCompare(null)}>End the comparison</InkButton>
        )}
      </div>
      {comparedWith === at && <p>Pick the other instant: what changed between the two is told here.</p>}
      {isComparing ? (
        <Difference {...{ source, at, comparedWith, nameOf }} />
      ) : (
        <Then {...{ source, at, nameOf, onDraw }} />
      )}
    </section>
  );
}

function Then(props: { readonly source: string | null } & Pick<PastPanelProps, 'at' | 'nameOf' | 'onDraw'>) {
  const { source, at, nameOf, onDraw } = props;
  const { answer, error } = useAnswer('readInstant', { source, at });
  if (error) return <ErrorNotice error={error} />;
  if (answer === null) return <p className="ink2">The journals are read…</p>;
  return answer.clusters.map(({ cluster, sentence, members, settings, running }) => (
    <div key={cluster} className={classes.cluster}>
      <p className={classes.sentence}>{sentence}</p>
      <div className={classes.acts}>
        <InkButton onClick={() => onDraw(cluster)}>Topology of {cluster} then</InkButton>
      </div>
      {settings.map(({ name, value, by }) => (
        <p key={name}>
          {name} {value}
          {by !== null && `, by ${by}`}
        </p>
      ))}
      {running.map((one) => (
        <p key={one.operation}>Under way: {one.sentence}</p>
      ))}
      {members.map((member) => (
        <details key={member.server}>
          <summary>
            {nameOf(member.server)}: {factWord(member.role)}
          </summary>
          <Facts
            rows={factNames.map((name) => {
              const fact = member[name];
              const isKnown = !('why' in fact);
              return {
                name: factTitles[name],
                value: <span title={isKnown ? fact.sentence : fact.why}>{factWord(fact)}</span>,
                right: isKnown ? ageWords(fact.ageMs) : undefined,
                source: isKnown ? undefined : fact.why,
              };
            })}
          />
        </details>
      ))}
    </div>
  ));
}

function Difference(props: {
  readonly source: string | null;
  readonly at: string;
  readonly comparedWith: string;
  readonly nameOf: (server: string) => string;
}) {
  const { source, at, comparedWith, nameOf } = props;
  const { answer, error } = useAnswer('readDifference', { source, one: comparedWith, other: at });
  if (error) return <ErrorNotice error={error} />;
  if (answer === null) return <p className="ink2">The journals are read…</p>;
  const { facts, clusters, settings, operations, alarms } = answer.difference;
  const happened = [
    ...settings.map((one) => ({ ...one, what: 'Set' })),
    ...operations.map((one) => ({ ...one, what: 'Ended' })),
    ...alarms.map((one) => ({ ...one, what: 'Alarm' })),
  ];
  return (
    <>
      {facts.length + clusters.length + happened.length === 0 && <p>Nothing is different.</p>}
      {clusters.map(({ cluster, before, after }) => (
        <p key={cluster}>
          <b>Before</b> {before} <b>After</b> {after}
        </p>
      ))}
      <ul>
        {facts.map(({ cluster, server, fact, before, after }) => (
          <li key={`${cluster} ${server} ${fact}`}>
            {cluster} on {nameOf(server)}, {fact}: {before} → {after}
          </li>
        ))}
        {happened.map(({ at: when, cluster, server, sentence, what }) => (
          <li key={`${what} ${when} ${cluster} ${server} ${sentence}`}>
            <b>{what}</b> {cluster}: {sentence}
          </li>
        ))}
      </ul>
      {answer.leftOut > 0 && <p>{answer.leftOut} older changes and alarms are left out.</p>}
    </>
  );
}
