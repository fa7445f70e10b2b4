/** The page's own scheme and host: `app://console/`. */
export const pageScheme = 'app';
export const pageHost = 'console';
export const pageAddress = `${pageScheme}://${pageHost}/`;

/**
 * True for addresses of the page. Protocol and host are compared each: `URL.origin` is the word "null"
 * for every scheme that browsers do not know, and would make all of them equal.
 */
export function isPageAddress(address: string): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  return (
    url.protocol === `${pageScheme}:` && url.host === pageHost && url.username === '' && url.password === ''
  );
}
