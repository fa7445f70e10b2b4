/** An absolute path without doubled slashes, `.`, `..` and a slash at its end. Links are not followed. Pure. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Whether an absolute path is the other one, or lies below it. Pure. */
export function isWithin(path: string, directory: string): boolean {
  const outer = plainPath(directory);
  return `${plainPath(path)}/`.startsWith(outer === '/' ? outer : `${outer}/`);
}
