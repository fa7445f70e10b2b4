/** Path and query of a request. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Takes a request line's target apart. Null for anything but a plain path: an absolute or authority form (`//host`),
 * which `new URL` would take for a host or refuse by an exception. Never throws.
 */
export function requestTarget(url: string | undefined): RequestTarget | null {
  if (url?.startsWith('/') !== true || url.startsWith('//') || url.includes('#')) return null;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) };
}
