import { useState } from 'react';
import type { TimelineSearch } from './use-timeline.ts';

/** What the list of records shows: what there is now, or what there was when it was scrolled. */
export interface HeldList {
  readonly search: TimelineSearch;
  readonly beat: string;
  readonly total: number;
}

/**
 * A list that is scrolled away from its newest record stays as it is, whatever arrives; at its top it follows. `filter`
 * names what a person has chosen: another choice begins at the top.
 */
export function useHeldList(
  now: HeldList,
  { filter, isAtTop }: { readonly filter: string; readonly isAtTop: boolean },
): { readonly list: HeldList; readonly isBehind: boolean } {
  const [held, setHeld] = useState({ ...now, filter });
  const follows = isAtTop || held.filter !== filter;
  const list = follows ? now : held;
  if (follows && textOf({ ...now, filter }) !== textOf(held)) setHeld({ ...now, filter });
  return { list, isBehind: !follows && held.beat !== now.beat };
}

function textOf(held: HeldList & { readonly filter: string }): string {
  return JSON.stringify([held.search, held.beat, held.total, held.filter]);
}
