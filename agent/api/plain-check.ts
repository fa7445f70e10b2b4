/** One request of the simple form in which load balancers check: a known method and nothing that needs an HTTP parser. */
export interface PlainCheck {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  /** Seconds that it would rather wait for another answer than hear the same one again (`Prefer: wait`, RFC 7240); 0: none. */
  readonly waitSeconds: number;
}

/** A request line and its headers, each on one line of its own, complete and with nothing behind. */
const wholeRequest =
  /^(GET|HEAD|OPTIONS) (\/[a-z]{1,20}) HTTP\/1\.([01])\r\n((?:[A-Za-z0-9-]{1,60}:[\t\x20-\x7e]{0,400}\r\n){0,16})\r\n$/;
const longestRequest = 2_048;
/** Headers that say something about the body or the connection; `close` is the only one that is plain. */
const notPlain =
  /^(?:content-length|transfer-encoding|expect|upgrade|trailer|te|keep-alive|proxy-connection):/im;
const prefersToWait = /^prefer:[\t ]*wait=([1-9][0-9]*)[\t ]*\r$/im;
const connectionHeader = /^connection:[\t ]*(.*?)[\t ]*\r$/gim;

/**
 * Recognizes a whole request after which the caller expects the connection to end. Null for anything else, which is
 * not refused but left to Node's HTTP server. Pure.
 */
export function plainCheck(part: Buffer): PlainCheck | null {
  if (part.length > longestRequest) return null;
  const match = wholeRequest.exec(part.toString('latin1'));
  if (match === null) return null;
  const [, method, path = '', minor, headers = ''] = match;
  if (headers !== '' && notPlain.test(headers)) return null;
  const connection = [...headers.matchAll(connectionHeader)].map(([, value = '']) => value.toLowerCase());
  // HTTP/1.0 ends by itself; HTTP/1.1 goes on unless it is told, and must name a host.
  const ends = connection.every((value) => value === 'close') && (minor === '0' || connection.length > 0);
  const named = minor === '0' || /^host:/im.test(headers);
  const waitSeconds = Number(prefersToWait.exec(headers)?.[1] ?? 0);
  return ends && named ? { method: method as PlainCheck['method'], path, waitSeconds } : null;
}
