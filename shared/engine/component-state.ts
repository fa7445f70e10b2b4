/** One component of an engine as its API tells it. `null`: this version does not tell, or the value made no sense. */
export interface ComponentState {
  readonly guid: string;
  readonly name: string;
  /** It fetches work by itself: it may run on one member only. */
  readonly poller: boolean;
  /** `error`: it is on and says that something is wrong. */
  readonly light: 'on' | 'off' | 'error' | 'unknown';
  readonly errors: number | null;
  /** Messages that wait for its destination. */
  readonly queued: number | null;
  /** Taken in since the start of the engine or since its queue began, as the version counts. */
  readonly received: number | null;
  /** Queue position: number of the last message that the destination has acknowledged. */
  readonly position: number | null;
  /** Number of the last message taken in. */
  readonly lastNumber: number | null;
  readonly lastMessageId: string | null;
  /** In the engine's own words; for people, never compared. */
  readonly lastActivity: string | null;
}

/** Whether it works: on, also with an error. */
export function isOn(component: ComponentState): boolean {
  return component.light === 'on' || component.light === 'error';
}

export interface ComponentCounts {
  /** Listeners and the like that are wanted on; those that a person has switched off are not in it. */
  readonly total: number;
  readonly on: number;
  readonly inError: number;
  readonly pollersTotal: number;
  readonly pollersOn: number;
  readonly queued: number;
  readonly received: number | null;
}

/** @param leftOff names of components that a person has switched off: while they are off they are not missed */
export function countComponents(
  components: readonly ComponentState[],
  leftOff: ReadonlySet<string>,
): ComponentCounts {
  const wanted = components.filter((component) => isOn(component) || !leftOff.has(component.name));
  const pollers = wanted.filter((component) => component.poller);
  const rest = wanted.filter((component) => !component.poller);
  const sum = (read: (component: ComponentState) => number | null) =>
    components.reduce((total, component) => total + (read(component) ?? 0), 0);
  return {
    total: rest.length,
    on: rest.filter(isOn).length,
    inError: components.filter((component) => component.light === 'error').length,
    pollersTotal: pollers.length,
    pollersOn: pollers.filter(isOn).length,
    queued: sum((component) => component.queued),
    received: components.some((component) => component.received !== null)
      ? sum((component) => component.received)
      : null,
  };
}

/** More names than this make no sentence. */
const namesTold = 5;

/** `A, B, C, D, E and 2 more`. */
export function nameList(names: readonly string[]): string {
  const more = names.length > namesTold ? ` and ${names.length - namesTold} more` : '';
  return `${names.slice(0, namesTold).join(', ')}${more}`;
}
