/**
 * The content security policy of the console's page, as a header. `connect` is `'self'` where the page
 * talks to its host over the loopback address, and `'none'` where it has a bridge. The nonce is for the
 * UI kit's own style elements; scripts come from files only.
 */
export function contentSecurityPolicy(nonce: string, connect: "'self'" | "'none'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of everything a shell serves to its page, beside the policy. */
export const hardeningHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
  'cache-control': 'no-store',
};

/** The literal in `index.html` that each answer replaces by its own nonce. */
export const noncePlaceholder = '__CSP_NONCE__';
