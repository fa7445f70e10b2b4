import { createContext, use, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { AdvisorView } from '../../../shared/advisor/advisor-view.ts';
import type { AdvisorAnswers } from '../../../shared/advisor/answers.ts';
import { recommend, type Recommendation } from '../../../shared/advisor/recommend.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import type { AdvisorState } from '../../stores/advisor.ts';

/** Open answers with what they lead to now. */
export interface OpenAdvisor {
  readonly view: AdvisorView;
  readonly answers: AdvisorAnswers;
  readonly advice: Recommendation;
  readonly edit: AdvisorState['edit'];
  /** Why an answer cannot be used; null: it can, or there is none. */
  readonly problemOf: (field: string) => string | null;
}

const AdvisorContext = createContext<OpenAdvisor | null>(null);
export const AdvisorProvider = AdvisorContext;

export function useAdvisor(): OpenAdvisor {
  const value = use(AdvisorContext);
  if (!value) throw new Error('AdvisorProvider is missing');
  return value;
}

/** The answers of the site shown, or of this workstation; null until the host has given them. */
export function useOpenAdvisor(): OpenAdvisor | null {
  const { advisor } = useConsole();
  const { view, answers, edit, open } = useStore(advisor);
  const site = useSnapshot()?.site?.id;
  useEffect(() => open(), [open, site]);
  const advice = useMemo(() => answers && recommend(answers), [answers]);
  if (!view || !answers || !advice) return null;
  const problemOf = (field: string) =>
    advice.problems.find((problem) => problem.field === field)?.says ?? null;
  return { view, answers, advice, edit, problemOf };
}
