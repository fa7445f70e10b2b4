import { get } from 'node:http';

/**
 * Asks `GET /active` once. Resolves to the status that the process answered, or to null when nothing
 * came within the limit: an accepted connection alone proves no living process.
 */
export function checkActive(
  place: { readonly address: string; readonly port: number },
  timeoutMs: number,
): Promise<number | null> {
  return new Promise((resolve) => {
    const request = get({ host: place.address, port: place.port, path: '/active', agent: false });
    const limit = setTimeout(() => end(null), timeoutMs);
    function end(status: number | null): void {
      clearTimeout(limit);
      resolve(status);
      request.destroy();
    }
    request.on('response', (response) => end(response.statusCode ?? null));
    request.on('error', () => end(null));
  });
}
