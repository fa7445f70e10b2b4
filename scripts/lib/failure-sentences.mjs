// What a failed command means for a person: one sentence and one next step, found in its output.

const network = 'The packages could not be fetched: ';

/** Rows are tried in order; the first pattern found decides. */
const installFailures = [
  {
    pattern: /ENOSPC|no space left on device/i,
    what: 'The disk is full.',
    next: 'Free about 2 GB and start again; what was half installed is replaced.',
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied/i,
    what: 'A file or folder of the project may not be written.',
    next: 'Use a copy that belongs to you, or correct the permissions (often left by an earlier run as root).',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN/,
    what: `${network}the name of the package registry could not be resolved.`,
    next: 'Check the network and DNS, or set the registry or proxy of your site with "npm config", then start again.',
  },
  {
    pattern: /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH/,
    what: `${network}the package registry did not answer.`,
    next: 'Check network, firewall and proxy ("npm config get registry", "npm config get proxy"), then start again.',
  },
  {
    pattern: /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_/,
    what: `${network}the certificate of the registry is not trusted here.`,
    next: 'Set the certificate authority of your site ("npm config set cafile FILE"), then start again.',
  },
  {
    pattern: /\bE40[134]\b/,
    what: `${network}the registry refused a package.`,
    next: 'Check the registry and the login that npm uses ("npm config get registry"), then start again.',
  },
  {
    pattern: /EINTEGRITY/,
    what: 'A package that was received is not the one that the lock file names.',
    next: 'Run "npm cache clean --force" and start again. If it stays, the registry or a proxy changes packages.',
  },
  {
    pattern: /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    what: 'package.json and package-lock.json do not belong together.',
    next: 'Take both from the same version of the project.',
  },
];

/**
 * @param {string} output what `npm ci` wrote
 * @returns {{ what: string, next: string }}
 */
export function explainInstallFailure(output) {
  const found = installFailures.find(({ pattern }) => pattern.test(output));
  if (found) return { what: found.what, next: found.next };
  return {
    what: 'The packages could not be installed.',
    next: 'Read the lines of npm above, remove the cause and start again.',
  };
}

/** A problem as it is printed: what happened, then what to do. */
export function problemText({ what, next }) {
  return `${what}\n  Next: ${next}`;
}
