/**
 * Which components a person has switched off at the engine, so that they stay off when the cluster moves. Told apart
 * from components that went off by a fault: those are started again.
 */
import { isOn, type ComponentState } from '../engine/component-state.ts';

/** Off for this long while others are on; a fault that takes all of them takes them within that. */
export const settledOffMs = 3_000;

export interface LeftOffState {
  /** Names that were seen on, with their error count at that look. */
  readonly seenOn: ReadonlyMap<string, number | null>;
  /** Names that are off now though they were on, since when. */
  readonly offSince: ReadonlyMap<string, number>;
  readonly leftOff: ReadonlySet<string>;
}

/** @param inherited names that the Active before has left off */
export function newLeftOff(inherited: readonly string[] = []): LeftOffState {
  return { seenOn: new Map(), offSince: new Map(), leftOff: new Set(inherited) };
}

/**
 * The state after one more look.
 *
 * @param weSwitch the agent itself switches components at present: what goes off now was not a person
 * @param nowMs of a clock that does not jump
 */
export function followLeftOff(
  state: LeftOffState,
  components: readonly ComponentState[],
  { weSwitch, nowMs }: { readonly weSwitch: boolean; readonly nowMs: number },
): LeftOffState {
  const seenOn = new Map(state.seenOn);
  const offSince = new Map<string, number>();
  const leftOff = new Set(state.leftOff);
  for (const component of components) {
    const { name, light, errors } = component;
    if (isOn(component)) {
      seenOn.set(name, errors);
      leftOff.delete(name);
    } else if (light === 'off' && !weSwitch && seenOn.has(name) && sameErrors(seenOn.get(name), errors)) {
      offSince.set(name, state.offSince.get(name) ?? nowMs);
    }
  }
  // With nothing on, it is the engine that is unwell, not a person who chose.
  if (components.some((component) => !component.poller && isOn(component))) {
    for (const [name, sinceMs] of offSince) if (nowMs - sinceMs >= settledOffMs) leftOff.add(name);
  }
  return { seenOn, offSince, leftOff };
}

/** A component that goes off with a new error was not switched off by a person. */
function sameErrors(before: number | null | undefined, now: number | null): boolean {
  return (before ?? 0) === (now ?? 0);
}
