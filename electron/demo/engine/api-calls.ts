import { fail, succeed, type Result } from '../../../shared/result.ts';
import { componentsOf, flagOf, textOf, type ApiParameters } from './api-request.ts';
import type { Component } from './component.ts';
import type { ComponentSet, SwitchAnswer } from './component-set.ts';
import type { Faults } from './faults.ts';

export interface ApiContext {
  readonly cluster: string;
  readonly server: string;
  readonly maxComponents: number;
  readonly components: ComponentSet;
  readonly faults: Faults;
  /** Wall time of a moment of the boot clock, for people. */
  readonly wallTimeOf: (bootMs: number) => string;
}

type Answer = Result<object, string>;
export type ApiCall = (context: ApiContext, parameters: ApiParameters) => Answer;

/** Version that the stand-in reports; its name says what it is. */
const version = 'standin-1.0';

/** Calls that answer without a login. */
export const openCalls: Readonly<Record<string, ApiCall>> = {
  '/health': () => succeed({ status: 'up' }),
  '/iguana/version': () => succeed({ version, product: 'IguanaX stand-in' }),
};

/** Calls that need a login. Answers become `{"success":true,"data":…}`, failures `"success":false`. */
export const closedCalls: Readonly<Record<string, ApiCall>> = {
  '/component/list': ({ components, wallTimeOf }) =>
    succeed({
      component_data: components.all.map((component) => listed(component, wallTimeOf)),
      total_components: components.all.length,
    }),
  '/component/start': ({ components }, parameters) => {
    const wanted = componentsOf(parameters);
    if (wanted.length === 0) return fail('Required parameter components is missing.');
    const started = components.start(wanted, flagOf(parameters, 'tracked'));
    return started.ok ? succeed(switchAnswer(started.value)) : started;
  },
  '/component/stop': ({ components }, parameters) => {
    const wanted = componentsOf(parameters);
    if (wanted.length === 0) return fail('Required parameter components is missing.');
    return succeed(switchAnswer(components.stop(wanted, flagOf(parameters, 'tracked'))));
  },
  '/component/start/check': ({ components }, parameters) =>
    running(components.check('start', textOf(parameters, 'job_id'))),
  '/component/stop/check': ({ components }, parameters) =>
    running(components.check('stop', textOf(parameters, 'job_id'))),
  '/license/get': ({ cluster, server, maxComponents, faults }) =>
    succeed({
      iguana_id: `STANDIN-${cluster}-${server}`,
      license: {
        components: faults.is('licence-exceeded') ? 0 : maxComponents,
        expires: 'never',
      },
    }),
};

function listed(component: Component, wallTimeOf: (bootMs: number) => string): object {
  const facts = component.facts();
  return {
    guid: component.guid,
    name: component.name,
    tags: component.tags,
    light: facts.light,
    error_count: facts.errorCount,
    queue_count: facts.queueCount,
    mps_in: facts.perSecondIn,
    mps_out: facts.perSecondOut,
    last_activity: facts.lastActivityAt === undefined ? '' : wallTimeOf(facts.lastActivityAt),
    received: facts.received,
    position: facts.position,
    last_number: facts.lastNumber,
    last_message_id: facts.lastMessageId,
  };
}

function switchAnswer(answer: SwitchAnswer): object {
  const { switched, skipped, errors, jobId } = answer;
  return { switched, skipped, errors, ...(jobId === undefined ? {} : { job_id: jobId }) };
}

function running(checked: Result<boolean, string>): Answer {
  return checked.ok ? succeed({ running: checked.value }) : checked;
}
