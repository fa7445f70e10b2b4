import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  helpGroups,
  helpTopics,
  searchTopics,
  type HelpGroup,
  type HelpTopic,
} from '../../../shared/help/help-topics.ts';
import { useConsole } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { ReportMenu } from '../../components/report-menu.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import classes from './help.module.css';

const groups = Object.keys(helpGroups) as HelpGroup[];

/** Run-books, states, errors, rules and words: what each means, for messages too, and what to do. */
export function HelpPage({ topic }: { readonly topic: string | null }) {
  const { client } = useConsole();
  const [search, setSearch] = useState('');
  const topics = useMemo(() => helpTopics(), []);
  const found = searchTopics(topics, search);
  const shown = topics.find(({ id }) => id === topic) ?? null;
  return (
    <PlainPage
      title="Help"
      lead="What each alarm, state and error means, what it means for your messages, and what to do about it."
      className={classes.page}
    >
      <div className={classes.head}>
        <TextInput
          aria-label="Search in help"
          placeholder="Search: lease, storage, auth-refused …"
          leftSection={<Search size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          className={classes.search}
        />
        <ReportMenu
          label="Run-books, states and words, with hash"
          table="every line"
          schema="schema 1"
          act="next"
          make={(choice) => client.call('exportRunbooks', choice)}
        />
      </div>
      <div className={classes.columns}>
        <nav className={classes.list} aria-label="Topics">
          {groups.map((group) => (
            <TopicGroup
              key={group}
              group={group}
              topics={found.filter((one) => one.group === group)}
              shown={shown?.id ?? null}
            />
          ))}
          {found.length === 0 && <p className={classes.nothing}>Nothing has all of these words.</p>}
        </nav>
        {shown === null ? <NoTopic asked={topic} /> : <Topic topic={shown} />}
      </div>
    </PlainPage>
  );
}

function TopicGroup(props: {
  readonly group: HelpGroup;
  readonly topics: readonly HelpTopic[];
  readonly shown: string | null;
}) {
  const { group, topics, shown } = props;
  if (topics.length === 0) return null;
  return (
    <section>
      <h2>
        {helpGroups[group]} <span className="num ink3">{topics.length}</span>
      </h2>
      <ul>
        {topics.map(({ id, title }) => (
          <li key={id}>
            <a href={routeHash({ page: 'help', topic: id })} aria-current={id === shown ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoTopic({ asked }: { readonly asked: string | null }) {
  if (asked !== null) {
    return (
      <Notice kind="warn" title={`Help has nothing under the name ${asked}`}>
        Search for one of its words, or choose from the list.
      </Notice>
    );
  }
  return (
    <Notice kind="done" title="Choose what you want to read">
      Each problem on the overview has a link “What to do” that leads to its run-book. Print the run-books
      once and keep them where they can be read without the network.
    </Notice>
  );
}

function Topic({ topic: { id, title, parts, more } }: { readonly topic: HelpTopic }) {
  return (
    <Card title={title} note={id} className={classes.card ?? ''}>
      <div className={classes.topic}>
        {parts.map(({ head, lines, steps }) => (
          <section key={head}>
            <h3>{head}</h3>
            {lines.length === 1 && !steps ? (
              <p>{lines[0]}</p>
            ) : steps ? (
              <ol>{lines.map(line)}</ol>
            ) : (
              <ul>{lines.map(line)}</ul>
            )}
          </section>
        ))}
        {more !== null && (
          <p className="ink3">
            More in <span className="mono">{more}</span>
          </p>
        )}
      </div>
    </Card>
  );
}

function line(text: string) {
  return <li key={text}>{text}</li>;
}
