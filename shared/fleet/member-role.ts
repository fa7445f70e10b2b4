import type { MemberSnapshot, ObservedRole } from '../agent-api/member-snapshot.ts';
import { formatSpan } from './age.ts';

/** A member's role as it may be shown: what is not known is never shown as down or as fine. */
export interface PresentedRole {
  readonly kind: ObservedRole;
  /** `Active` · `Unknown, was Active`. */
  readonly word: string;
  /** Last role heard, when it is unknown now. */
  readonly was: ObservedRole | null;
  /** Why it is unknown; null when it is known. */
  readonly why: string | null;
}

export const roleWords: Readonly<Record<ObservedRole, string>> = {
  active: 'Active',
  passive: 'Passive',
  'taking-over': 'Taking over',
  stopping: 'Stopping',
  unknown: 'Unknown',
};

/** The role to show for a member whose source was last heard `heardMs` ago. */
export function presentRole(
  snapshot: MemberSnapshot | null,
  heard: { readonly heardMs: number | null; readonly silent: boolean },
): PresentedRole {
  if (snapshot === null || heard.heardMs === null) {
    return { kind: 'unknown', word: 'Unknown', was: null, why: 'never heard' };
  }
  const { observed } = snapshot.role;
  if (heard.silent) {
    const word = observed === 'unknown' ? 'Unknown' : `Unknown, was ${roleWords[observed]}`;
    return { kind: 'unknown', word, was: observed, why: `no answer for ${formatSpan(heard.heardMs)}` };
  }
  if (observed === 'unknown') {
    return { kind: 'unknown', word: 'Unknown', was: null, why: 'its agent does not know yet' };
  }
  const word = snapshot.mode === 'observe' ? `${roleWords[observed]}, observed` : roleWords[observed];
  return { kind: observed, word, was: null, why: null };
}

/** `wanted Active` · `wanted Passive`; null when nothing was ever heard. */
export function wantedWord(snapshot: MemberSnapshot | null): string | null {
  return snapshot && `wanted ${roleWords[snapshot.role.wanted]}`;
}
