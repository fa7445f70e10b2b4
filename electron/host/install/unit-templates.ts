import { serverPaths, witnessUser } from './server-paths.ts';

/** Text of the templates in resources/units, by file name. */
export interface UnitTemplates {
  readonly 'ixha-agent@.service': string;
  readonly 'ixha-guard@.service': string;
  readonly 'ixha-witness.service': string;
  readonly 'engine-gate.conf': string;
}

export const unitTemplateNames = [
  'ixha-agent@.service',
  'ixha-guard@.service',
  'ixha-witness.service',
  'engine-gate.conf',
] as const satisfies readonly (keyof UnitTemplates)[];

/** Fills `{{name}}` places. Throws when a place has no value or a value no place: both are our mistake. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values));
  const filled = template.replaceAll(/\{\{(\w+)\}\}/g, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has no value for ${name}`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new Error(`the template does not use ${[...unused].join(', ')}`);
  return filled;
}

const { library, configuration } = serverPaths;

export function agentUnit(templates: UnitTemplates): string {
  return fillTemplate(templates['ixha-agent@.service'], { library, configuration });
}

export function guardUnit(templates: UnitTemplates, number: 1 | 2): string {
  return fillTemplate(templates['ixha-guard@.service'], { library, configuration, number: String(number) });
}

export function witnessUnitText(templates: UnitTemplates): string {
  return fillTemplate(templates['ixha-witness.service'], { library, configuration, user: witnessUser });
}

/** @param killMs D in milliseconds: what a kill may take */
export function gateDropIn(templates: UnitTemplates, cluster: string, killMs: number): string {
  return fillTemplate(templates['engine-gate.conf'], { library, cluster, killMs: String(killMs) });
}
