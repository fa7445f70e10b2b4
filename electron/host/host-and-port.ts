import { isIPv6 } from 'node:net';

/** `address:port` as it stands in a URL; IPv6 addresses in brackets. */
export function hostAndPort(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
