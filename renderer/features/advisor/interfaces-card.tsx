import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { interfacesFromLines, linesFromInterfaces } from '../../../shared/advisor/interface-lines.ts';
import { percent } from '../../../shared/advisor/known.ts';
import { loadWords } from '../../../shared/advisor/told-lines.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './advisor.module.css';
import { useAdvisor } from './use-advisor.ts';

/** The interfaces as a list, and beside it the clusters that they would be divided into. */
export function InterfacesCard() {
  const { answers, edit, advice } = useAdvisor();
  const kept = linesFromInterfaces(answers.interfaces);
  const [typed, setTyped] = useState(kept);
  // What another page or a refusal has changed is shown; what is being typed stays as it is typed.
  const isCurrent = linesFromInterfaces(interfacesFromLines(typed)) === kept;
  const problems = advice.problems.filter(({ field }) => field === 'interfaces');
  return (
    <Card title="Interfaces and clusters" note="optional: a list answers whether and how they can be divided">
      <div className={classes.interfaces}>
        <Textarea
          label="One a line: name; messages a second; must stay in order with"
          description="Fields are parted by ; or tab, several names by a comma. A name with such signs stands in double quotes."
          placeholder={'ADT in; 12\nORM in; 5; ADT in\nLab results; 8'}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          value={isCurrent ? typed : kept}
          error={
            problems.length > 0 &&
            problems.map(({ says }) => (
              <span key={says} className={classes.problem}>
                {says}
              </span>
            ))
          }
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            const interfaces = interfacesFromLines(currentTarget.value);
            edit((now) => ({ ...now, interfaces }));
          }}
        />
        <Suggestion />
      </div>
    </Card>
  );
}

function Suggestion() {
  const { advice, answers } = useAdvisor();
  const { partition } = advice;
  const capacity = answers.load.capacityPerSecond;
  if (partition === null) {
    return (
      <p className="ink2">
        With a list the advisor suggests two clusters: balanced by load, and keeping together what must stay
        in order.
      </p>
    );
  }
  if (partition.clusters.some(({ names }) => names.length === 0)) {
    return (
      <p className={classes.stateLine}>
        <StateIcon state="warn" /> All of them must stay in order with each other: they cannot be divided.
      </p>
    );
  }
  return (
    <div className={classes.clusters}>
      {partition.clusters.map(({ names, load }, index) => (
        <section key={index} aria-label={`Suggested cluster ${index + 1}`}>
          <h3 className={classes.partTitle}>
            Cluster {index + 1}: {names.length} {names.length === 1 ? 'interface' : 'interfaces'}
            <span className="small ink3 num">
              {loadWords(load)} messages/s
              {capacity !== null && capacity > 0 ? `, ${percent(load / capacity)} of one server` : ''}
            </span>
          </h3>
          <ul className={classes.names}>
            {names.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p className="small ink2">
        {partition.isBest
          ? 'No other division has a smaller busiest cluster.'
          : 'Found step by step: a slightly better division may exist.'}
        {partition.unknown.count > 0 &&
          ` ${partition.unknown.count} of unknown rate counted as ${loadWords(partition.unknown.assumed)} messages/s each.`}
      </p>
    </div>
  );
}
