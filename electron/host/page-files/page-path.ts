import { join, posix, resolve, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file that a URL path names inside `root`, or undefined when it names nothing that may be served:
 * outside the folder (`..`, encoded or not), hidden, malformed, or of a kind the page does not need.
 * `/` is the page itself.
 */
export function pageFile(root: string, urlPath: string): PageFile | undefined {
  const decoded = decode(urlPath);
  if (decoded === undefined || !decoded.startsWith('/')) return undefined;
  if (/[\0\\%]/.test(decoded) || decoded.includes('//')) return undefined;
  const parts = decoded.split('/').slice(1);
  if (parts.some((part) => part.startsWith('.'))) return undefined;
  const relative = decoded === '/' ? 'index.html' : parts.join('/');
  const contentType = contentTypes[posix.extname(relative)];
  if (contentType === undefined) return undefined;
  const path = resolve(join(root, relative));
  // The checks above already keep it inside; this holds even if one of them is ever loosened.
  return path.startsWith(resolve(root) + sep) ? { path, contentType } : undefined;
}

function decode(urlPath: string): string | undefined {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
}
