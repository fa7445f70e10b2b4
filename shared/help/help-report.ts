import { reportFacts, reportHead, reportPage, reportSection, text } from '../report/report-page.ts';
import { localTime, zoneWords } from '../report/local-time.ts';
import { helpGroups, type HelpGroup, type HelpTopic } from './help-topics.ts';

/** The run-books on paper before they have their hash. */
export interface HelpReportBody {
  readonly schema: 'ixha-runbooks/1';
  readonly site: string;
  readonly isDemo: boolean;
  readonly madeAt: string;
  readonly timeZone: string;
  readonly operator: { readonly name: string; readonly role: string };
  readonly consoleVersion: string;
  readonly topics: readonly HelpTopic[];
}
export type HelpReport = HelpReportBody & { readonly sha256: string };

const groups: readonly HelpGroup[] = ['runbooks', 'states', 'words'];

/** Groups that are printed: errors carry their own next step, and rules are in the document of the failover. */
export function isPrinted({ group }: HelpTopic): boolean {
  return groups.includes(group);
}

/** Run-books, states and words as one page, for the folder beside the servers. */
export function helpReportHtml(report: HelpReport, paper: 'A4' | 'Letter'): string {
  const { site, isDemo, madeAt, timeZone, operator, consoleVersion, topics, sha256 } = report;
  return reportPage({
    title: `Run-books of ${site}`,
    paper,
    sha256,
    parts: [
      reportHead({
        ...{ site, isDemo, about: 'Run-books' },
        sentence: 'What to do when an alarm comes',
        lead: 'What each alarm means, what it means for messages, what to check, what to do and what not to do. To be read where the network is gone.',
      }),
      reportFacts([
        ['Made', localTime(madeAt, timeZone)],
        ['Time zone', zoneWords(madeAt, timeZone)],
        ['Made by', `${operator.name}, ${operator.role}`],
        ['Console', consoleVersion],
      ]),
      ...groups.flatMap((group) =>
        groupHtml(
          group,
          topics.filter((topic) => topic.group === group),
        ),
      ),
    ],
  });
}

function groupHtml(group: HelpGroup, topics: readonly HelpTopic[]): string[] {
  if (group === 'runbooks') return topics.map(topicHtml);
  const items = topics.map(
    ({ title, parts }) =>
      `<p><b>${text(title)}</b> ${parts.map(({ lines }) => text(lines.join(' '))).join(' ')}</p>`,
  );
  return [reportSection(helpGroups[group], `${topics.length}`, items.join(''))];
}

function topicHtml({ id, title, parts }: HelpTopic): string {
  const body = parts.map(({ head, lines, steps }) => {
    const items = lines.map((line) => `<li>${text(line)}</li>`).join('');
    const list = steps ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
    return `<p><b>${text(head)}</b></p>${lines.length === 1 && !steps ? `<p>${text(lines[0]!)}</p>` : list}`;
  });
  return reportSection(title, id, body.join(''));
}
