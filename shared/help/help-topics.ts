import { errorSentences } from '../error-sentences.ts';
import { ruleTable } from '../failover/rules.ts';
import { explainedStates } from './explained-states.ts';
import { glossary, glossaryIds } from './glossary.ts';
import { runbookIds } from './runbook.ts';
import { runbooks } from './runbooks.ts';

export const helpGroups = {
  runbooks: 'Run-books',
  states: 'States',
  errors: 'Errors',
  rules: 'Rules',
  words: 'Words',
} as const;
export type HelpGroup = keyof typeof helpGroups;

/** One thing that help tells of, the same on the page, on paper and in docs/runbooks.md. */
export interface HelpTopic {
  /** Unique; addresses lead to it. */
  readonly id: string;
  readonly group: HelpGroup;
  readonly title: string;
  /** Paragraphs with their heading; `steps`: one after the other. */
  readonly parts: readonly HelpPart[];
  /** Document that tells more; null: none. */
  readonly more: string | null;
}

export interface HelpPart {
  readonly head: string;
  readonly lines: readonly string[];
  readonly steps: boolean;
}

const messages = 'What it means for my messages';

/** Everything that help tells, from the data that agents and screens use themselves. */
export function helpTopics(): HelpTopic[] {
  return [
    ...runbookIds.map(runbookTopic),
    ...stateTopics(),
    ...errorTopics(),
    ...ruleTopics(),
    ...wordTopics(),
  ];
}

function runbookTopic(id: (typeof runbookIds)[number]): HelpTopic {
  const { title, means, meaning, check, now, avoid, more } = runbooks[id];
  return {
    ...{ id, group: 'runbooks', title, more },
    parts: [
      said('What it means', means),
      said(messages, meaning),
      { head: 'What to check', lines: check, steps: false },
      { head: 'What to do now', lines: now, steps: true },
      { head: 'What not to do', lines: avoid, steps: false },
    ],
  };
}

function stateTopics(): HelpTopic[] {
  return explainedStates().map(({ topic, about, help: { word, means, meaning } }) => ({
    ...{ id: topic, group: 'states', title: `${word} (${about})`, more: null },
    parts: [said('What it means', means), said(messages, meaning)],
  }));
}

function errorTopics(): HelpTopic[] {
  return Object.entries(errorSentences).map(([code, { meaning, next }]): HelpTopic => ({
    ...{ id: code, group: 'errors', title: code, more: null },
    parts: [said(messages, meaning), said('What to do now', next)],
  }));
}

function ruleTopics(): HelpTopic[] {
  return ruleTable.map(({ id, diagnosis, meaning }): HelpTopic => ({
    ...{ id, group: 'rules', title: `${id} ${diagnosis}`, more: 'docs/failover.md' },
    parts: [said('What it means', meaning)],
  }));
}

function wordTopics(): HelpTopic[] {
  return glossaryIds.map((id): HelpTopic => ({
    ...{ id: `word-${id}`, group: 'words', title: glossary[id].word, more: null },
    parts: [said('What it is', glossary[id].definition)],
  }));
}

function said(head: string, line: string): HelpPart {
  return { head, lines: [line], steps: false };
}

/** Topics in which every word of the search stands, those with it in their title first. Pure. */
export function searchTopics(topics: readonly HelpTopic[], search: string): HelpTopic[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const hasAll = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const found = topics.filter(({ id, title, parts }) =>
    hasAll([id, title, ...parts.flatMap(({ lines }) => lines)].join(' ')),
  );
  if (words.length === 0) return found;
  const inTitle = found.filter(({ id, title }) => hasAll(`${id} ${title}`));
  return [...inTitle, ...found.filter((topic) => !inTitle.includes(topic))];
}
