import * as z from 'zod/mini';
import { BalancerView, TrafficView } from '../../../shared/console-ipc/console-snapshot.ts';
import { bootMs } from '../../demo/boot-clock.ts';
import { loopback } from './demo-design.ts';

/** Within one machine, which may be busy starting a dozen programs. */
const limitMs = 5_000;
const Links = z.array(
  z.object({ id: z.string(), from: z.string(), to: z.string(), cut: z.boolean(), connections: z.int() }),
);

const Counters = z.object({ at: z.number(), clusters: z.array(z.omit(TrafficView, { ageMs: true })) });

/** Calls of the programs around the demo's servers. Each rejects with a sentence when there is no good answer. */
export function createDemoRequests(ports: {
  networkControl: number;
  balancerControl: number;
  trafficControl: number;
}) {
  return {
    links: () => call(ports.networkControl, 'GET', '/links', undefined, Links),
    cut: (a: string, b: string) => call(ports.networkControl, 'POST', '/cut', { a, b }, Links),
    healLinks: () => call(ports.networkControl, 'POST', '/heal', {}, Links),
    balancer: () => call(ports.balancerControl, 'GET', '/view', undefined, z.array(BalancerView)),
    async traffic(): Promise<TrafficView[]> {
      const { at, clusters } = await call(ports.trafficControl, 'GET', '/counters', undefined, Counters);
      const ageMs = Math.max(0, bootMs() - at);
      return clusters.map((cluster) => ({ ...cluster, ageMs }));
    },
  };
}
export type DemoRequests = ReturnType<typeof createDemoRequests>;

async function call<Schema extends z.core.$ZodType>(
  port: number,
  method: string,
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await fetch(`http://${loopback}:${port}${path}`, {
    method,
    signal: AbortSignal.timeout(limitMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return z.parse(schema, await response.json());
}
