import type { Decision } from '../agent-api/member-snapshot.ts';

/** Ends a sentence with exactly one full stop. */
export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Takes the full stop off, for a title. */
export function asTitle(text: string): string {
  return text.replace(/\.$/, '');
}

/** A decision as one sentence: verdict, then its reason. */
export function decisionSentence(decision: Pick<Decision, 'headline' | 'reason'>): string {
  return endSentence(`${decision.headline}: ${decision.reason}`);
}

/** With a capital at its beginning, where it stands for itself. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
