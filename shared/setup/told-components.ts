import { nameList } from '../engine/component-state.ts';
import type { DraftCluster } from './draft.ts';
import type { FoundEngine } from './setup-view.ts';

/** Names that the engines of a cluster have told, beside those that a person has said. */
export interface ToldComponents {
  /** Servers whose engine has told its components, in the order of the members. */
  readonly by: readonly string[];
  /** Names that may still be added, by alphabet. One with a comma is not among them: the field has commas between names. */
  readonly offered: readonly string[];
  /** Names that were said and that no engine knows. */
  readonly unknown: readonly string[];
}

/** What the last preflight has heard from the engines of a cluster; null: none has told anything. Pure. */
export function toldComponents(
  { members, pollers }: Pick<DraftCluster, 'members' | 'pollers'>,
  engines: readonly FoundEngine[],
): ToldComponents | null {
  const told = members.flatMap(({ server, unit }) =>
    engines.filter((one) => one.server === server && one.unit === unit && one.components !== null),
  );
  if (told.length === 0) return null;
  const names = [...new Set(told.flatMap(({ components }) => components ?? []))];
  const said = saidNames(pollers);
  return {
    by: told.map(({ server }) => server),
    offered: names
      .filter((name) => !said.includes(name) && !name.includes(','))
      .sort((one, other) => one.localeCompare(other)),
    unknown: said.filter((name) => !names.includes(name)),
  };
}

/** The names with one more; what was typed half stays. Pure. */
export function withPoller(pollers: readonly string[], name: string): string[] {
  return [...new Set([...saidNames(pollers), name])];
}

/** `none of them is called A, B`; undefined: each name that was said is known. Pure. */
export function unknownWords({ unknown }: ToldComponents): string | undefined {
  return unknown.length === 0 ? undefined : `none of them is called ${nameList(unknown)}`;
}

function saidNames(pollers: readonly string[]): string[] {
  return pollers.map((name) => name.trim()).filter(Boolean);
}
