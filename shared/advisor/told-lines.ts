import { knownSituation } from './known.ts';
import { compareDesigns } from './comparison.ts';
import type { AdvisorAnswers } from './answers.ts';
import { quoted } from './problems.ts';
import { designTitles, type Recommendation } from './recommend.ts';

const states = { met: 'met', 'not-met': 'NOT MET', 'not-known': 'not known' } as const;

/** A recommendation as text for a terminal, section by section; empty sections are left out. Pure. */
export function recommendationLines(answers: AdvisorAnswers, advice: Recommendation): string[] {
  return [
    `${advice.design === null ? '' : 'Recommended: '}${advice.headline}${advice.design !== null && !advice.settled ? ' (so far)' : ''}`,
    advice.summary,
    ...section(
      'Because',
      advice.reasons.map(
        ({ weight, question, says, favours }) =>
          `${weight === null ? 'rule' : `weight ${weight}`}, question ${question}: ${says} (${favours === null ? 'for neither' : `for ${designTitles[favours]}`})`,
      ),
    ),
    ...section('Given up', advice.traded),
    ...section(
      'To be accepted',
      advice.cautions.map(({ says }) => says),
    ),
    ...section(
      'Missing',
      advice.missing.map(({ part, need, costs }) => `${part} (${need}): ${costs}`),
    ),
    ...section(
      'Guarantees',
      advice.promises.map(({ title, state, why }) => `${states[state]}: ${title}. ${why}`),
    ),
    ...section('Would change it', advice.wouldChange),
    ...section(
      'Not known',
      advice.open.map(({ question, says }) => `question ${question}: ${says}`),
    ),
    ...section('Suggested clusters', partitionLines(advice)),
    ...section(
      'Both designs',
      compareDesigns(knownSituation(answers)).map(
        ({ topic, texts }) => `${topic}: ${texts['active-passive']} | ${texts['multi-cluster']}`,
      ),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  - ${line}`)];
}

/** The suggested division, cluster by cluster. Pure. */
export function partitionLines({ partition, design }: Recommendation): string[] {
  if (partition === null || design !== 'multi-cluster') return [];
  const { unknown, clusters } = partition;
  return [
    ...clusters.map(
      ({ names, load }, index) =>
        `Cluster ${index + 1}, ${loadWords(load)} messages a second: ${names.map(quoted).join(', ') || 'nothing'}`,
    ),
    ...(unknown.count > 0
      ? [
          `${unknown.count} of unknown rate were counted as ${loadWords(unknown.assumed)} messages a second each.`,
        ]
      : []),
  ];
}

export function loadWords(perSecond: number): string {
  return String(Math.round(perSecond * 100) / 100);
}
