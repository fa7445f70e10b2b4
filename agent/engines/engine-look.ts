import * as z from 'zod/mini';
import type { EngineLook, EngineLookOrder } from '../../shared/engine/engine-look.ts';
import { openEngineHttp } from './engine-http.ts';
import { ComponentList } from './iguanax-components.ts';
import { IguanaXSession } from './iguanax-session.ts';

const limitMs = 5_000;

/**
 * Asks an engine once for its components and its licence, and switches nothing. Of the licence only how many components
 * it covers and until when leave this process: the rest is a secret of the customer.
 */
export async function lookAtEngine({ port, user, password }: EngineLookOrder): Promise<EngineLook> {
  const session = new IguanaXSession(openEngineHttp(port), { user, password: () => password });
  const listed = await session.call('/component/list', {}, ComponentList, limitMs);
  const licence = await session.raw('/license/get', {}, limitMs);
  return {
    components: listed.ok
      ? { names: listed.value.component_data.map(({ name }) => name) }
      : { why: listed.error.seen },
    licence: licence.ok ? licenceTerms(licence.value) : { why: licence.error.seen },
  };
}

const Fields = z.record(z.string(), z.unknown());

/** The vendor documents the call and not the names of its fields: those that are known are looked for, nothing is guessed. */
export function licenceTerms(answer: object): Extract<EngineLook['licence'], { until: unknown }> {
  const nested = Fields.safeParse((answer as { license?: unknown }).license);
  const fields = new Map(
    Object.entries({ ...answer, ...(nested.success && nested.data) }).map(([name, value]) => [
      name.toLowerCase().replaceAll(/[^a-z]/g, ''),
      value,
    ]),
  );
  const first = (...names: string[]) =>
    names.map((name) => fields.get(name)).find((value) => value !== undefined);
  const components = first('components', 'maxcomponents', 'channels', 'maxchannels');
  const until = first('expires', 'expiry', 'expiration', 'expirationdate', 'expirydate', 'validuntil');
  return {
    components: typeof components === 'number' && components >= 0 ? components : null,
    until: typeof until === 'string' && until !== '' ? until.slice(0, 60) : null,
  };
}
