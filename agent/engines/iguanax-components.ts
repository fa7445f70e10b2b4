import * as z from 'zod/mini';
import type { ComponentState } from '../../shared/engine/component-state.ts';

const Count = z.optional(z.catch(z.nullable(z.number().check(z.minimum(0))), null));
const Words = z.optional(z.catch(z.nullable(z.string()), null));

/**
 * One entry of `/component/list`. Only id, name and light are required; of the rest, what a version does not tell,
 * or tells in another form, is unknown and not zero. `position` and the two after it are told by few versions.
 */
const Component = z.object({
  guid: z.string(),
  name: z.string(),
  light: z.string(),
  error_count: Count,
  queue_count: Count,
  mps_in: Count,
  received: Count,
  last_activity: Words,
  position: Count,
  last_number: Count,
  last_message_id: Words,
});
export type ListedComponent = z.infer<typeof Component>;
export const ComponentList = z.object({ component_data: z.array(Component) });

export function componentState(listed: ListedComponent, pollers: readonly string[]): ComponentState {
  return {
    guid: listed.guid,
    name: listed.name,
    poller: pollers.includes(listed.name),
    light: lightOf(listed.light),
    errors: listed.error_count ?? null,
    queued: listed.queue_count ?? null,
    received: listed.received ?? null,
    position: listed.position ?? null,
    lastNumber: listed.last_number ?? null,
    lastMessageId: listed.last_message_id ?? null,
    lastActivity: listed.last_activity ?? null,
  };
}

function lightOf(light: string): ComponentState['light'] {
  switch (light.toUpperCase()) {
    case 'ON':
    case 'YELLOW':
      return 'on';
    case 'RED':
      return 'error';
    case 'OFF':
      return 'off';
    default:
      return 'unknown';
  }
}
