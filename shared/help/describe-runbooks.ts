import { helpGroups, helpTopics, type HelpGroup, type HelpTopic } from './help-topics.ts';

/** docs/runbooks.md as a whole: made of what the page, the agents and the rules say. */
export function describeRunbooks(): string {
  const topics = helpTopics();
  const of = (group: HelpGroup) => topics.filter((topic) => topic.group === group);
  return [
    '# Run-books',
    'What each alarm, state and error means, what it means for messages, and what to do. Made from the data of the program by `npm run rules -- --write`; the page `#/help` shows the same, to search and to print.',
    ...of('runbooks').flatMap(section),
    `## ${helpGroups.states}`,
    table(['state', 'means', 'for messages'], of('states')),
    `## ${helpGroups.errors}`,
    table(['code', 'for messages', 'what to do now'], of('errors')),
    `## ${helpGroups.words}`,
    table(['word', 'is'], of('words')),
    'The rules by which agents decide are in [failover](failover.md).',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function section({ id, title, parts, more }: HelpTopic): string[] {
  return [
    `## ${title}`,
    `\`${id}\``,
    ...parts.flatMap(({ head, lines, steps }) => [
      `**${head}**`,
      lines.length === 1 && !steps
        ? lines[0]!
        : lines.map((line, index) => `${steps ? `${index + 1}.` : '-'} ${line}`).join('\n'),
    ]),
    ...(more === null ? [] : [`More: [${more.replace('docs/', '')}](${more.replace('docs/', '')})`]),
  ];
}

function table(heads: readonly string[], topics: readonly HelpTopic[]): string {
  return [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map(() => '---').join(' | ')} |`,
    ...topics.map(
      ({ title, parts }) =>
        `| ${[title, ...parts.map(({ lines }) => lines.join(' '))].map(cell).join(' | ')} |`,
    ),
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
