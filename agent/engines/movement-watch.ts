import { isOn, nameList, type ComponentState } from '../../shared/engine/component-state.ts';
import { engineTrouble, type EngineTrouble } from '../../shared/engine/engine-trouble.ts';

/** Messages wait longer than this at a destination that is only slow. */
const stillMs = 60_000;

/** Sees components that are on, have messages waiting, and in which nothing moves any more. */
export class MovementWatch {
  private readonly seen = new Map<string, { readonly mark: string; readonly sinceMs: number }>();

  /** @param nowMs of any clock that does not jump */
  look(components: readonly ComponentState[], nowMs: number): EngineTrouble | null {
    const still = components.filter((component) => this.stillFor(component, nowMs) >= stillMs);
    if (still.length === 0) return null;
    const names = nameList(still.map(({ name }) => name));
    return engineTrouble('not-processing', `nothing has moved for ${stillMs / 1000} s in ${names}`);
  }

  forget(): void {
    this.seen.clear();
  }

  private stillFor(component: ComponentState, nowMs: number): number {
    const { guid, queued, position, received, lastActivity } = component;
    const mark = `${queued} ${position} ${received} ${lastActivity}`;
    const before = this.seen.get(guid);
    const waits = isOn(component) && (queued ?? 0) > 0;
    if (!waits || before?.mark !== mark) {
      this.seen.set(guid, { mark, sinceMs: nowMs });
      return 0;
    }
    return nowMs - before.sinceMs;
  }
}
