import type { parseArgs } from 'node:util';
import type { KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import { consoleRoles, type ConsoleRole } from '../../../shared/site/identity.ts';

/** Every option that some verb takes. */
export const options = {
  profile: { type: 'string' },
  json: { type: 'boolean' },
  ask: { type: 'boolean' },
  'keep-engine': { type: 'boolean' },
  'stop-engine': { type: 'boolean' },
  'known-hosts': { type: 'string' },
  pin: { type: 'string', multiple: true },
  out: { type: 'string' },
  plan: { type: 'boolean' },
  'passphrase-file': { type: 'string' },
  server: { type: 'string' },
  unprotected: { type: 'string', multiple: true },
  kind: { type: 'string' },
  'break-lock': { type: 'string' },
  lost: { type: 'boolean' },
  console: { type: 'string' },
  serial: { type: 'string' },
  why: { type: 'string' },
  gone: { type: 'string', multiple: true },
  format: { type: 'string' },
  fault: { type: 'string' },
  name: { type: 'string' },
  role: { type: 'string' },
  days: { type: 'string' },
  cluster: { type: 'string' },
  level: { type: 'string' },
  probe: { type: 'string' },
  every: { type: 'string' },
  'typed-name': { type: 'string' },
  minutes: { type: 'string' },
  back: { type: 'boolean' },
  operation: { type: 'string' },
  look: { type: 'string' },
  seen: { type: 'string' },
  sign: { type: 'string' },
  comment: { type: 'string' },
  judge: { type: 'string' },
  by: { type: 'string' },
  answer: { type: 'string' },
  withdraw: { type: 'string' },
  aside: { type: 'string' },
  'take-up': { type: 'string' },
  until: { type: 'string' },
  document: { type: 'string' },
  goal: { type: 'string' },
  trend: { type: 'boolean' },
  since: { type: 'string' },
  lines: { type: 'string' },
  follow: { type: 'boolean' },
  copy: { type: 'boolean' },
  with: { type: 'string' },
  at: { type: 'string' },
  and: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  bundle: { type: 'string' },
} as const;

/** What was said of them. */
export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** How a balancer is named on the command line. */
export const kinds: ReadonlyMap<string, KeptBalancerKind> = new Map([
  ['haproxy', 'own-haproxy'],
  ['f5', 'f5'],
  ['nginx', 'nginx'],
  ['nginx-plus', 'nginx-plus'],
  ['keepalived', 'keepalived'],
  ['generic', 'generic'],
]);

/** Undefined: it is none. Pure. */
export function roleNamed(role: string | undefined): ConsoleRole | undefined {
  return consoleRoles.find((one) => one === role);
}
