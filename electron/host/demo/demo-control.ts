import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { consoleCalls } from '../../../shared/console-ipc/console-contract.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { serveJson, type JsonAnswer } from '../../demo/json-http/json-http.ts';
import type { DemoSitePort } from '../demo-site-port.ts';
import { loopback } from './demo-design.ts';
import { removePointer, writePointer } from './demo-pointer.ts';
import { thisOwner, type DemoControlFile } from './old-demos.ts';

export function controlFileOf({ profile }: { readonly profile: string }): string {
  return join(profile, 'demo.json');
}

/**
 * Lets the command line inject the same faults as the screen: loopback HTTP with a token that only this
 * user can read, in `<profile>/demo.json`. Returns the function that closes it.
 */
export async function startDemoControl(demo: DemoSitePort): Promise<() => Promise<void>> {
  const token = randomBytes(24).toString('hex');
  const server = await serveJson({
    address: loopback,
    port: 0,
    token,
    routes: {
      'GET /status': async () => ({ status: 200, body: await statusOf(demo) }),
      'POST /inject': async (body) => inject(demo, body),
      'POST /heal': async () => outcome(await demo.heal()),
    },
  });
  const { port } = server.address() as AddressInfo;
  const file = controlFileOf({ profile: demo.profileDirectory });
  const content: DemoControlFile = {
    url: `http://${loopback}:${port}`,
    token,
    ...thisOwner(),
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  writePointer(file);
  return async () => {
    removePointer(file);
    rmSync(file, { force: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function statusOf(demo: DemoSitePort) {
  const [balancer, traffic] = await Promise.allSettled([demo.balancer(), demo.traffic()]);
  return {
    profile: demo.profileDirectory,
    clusters: demo.site.clusters.map(({ id, title }) => ({ id, title })),
    faults: demo.faults(),
    balancer: balancer.status === 'fulfilled' ? balancer.value : null,
    traffic: traffic.status === 'fulfilled' ? traffic.value : null,
  };
}

async function inject(demo: DemoSitePort, body: unknown): Promise<JsonAnswer> {
  const request = consoleCalls.injectFault.request.safeParse(body);
  if (request.success) return outcome(await demo.inject(request.data));
  const fields = request.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return refusal(productError('request.invalid', 'The fault was not understood.', fields));
}

function outcome(result: Result<void, ProductError>): JsonAnswer {
  return result.ok ? { status: 200, body: {} } : refusal(result.error);
}

function refusal(error: ProductError): JsonAnswer {
  return { status: 409, body: { error } };
}
