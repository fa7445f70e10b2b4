import { fail, succeed, type Result } from '../result.ts';

/** A listener of a site that is there for tests, as it is reached through the load balancer. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, an IPv6 address in brackets. The error is a sentence. Pure. */
export function readProbeTarget(text: string): Result<ProbeTarget, string> {
  const match = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535
    ? fail('A test listener is written as HOST:PORT, for example lb.example.org:6699.')
    : succeed({ host, port });
}
