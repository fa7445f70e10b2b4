import { describe, expect, it } from 'vitest';
import { explainInstallFailure, problemText } from '../../../scripts/lib/failure-sentences.mjs';

describe('a failed install is explained', () => {
  it.each([
    ['npm error code ENOTFOUND\nnpm error network request failed', 'could not be resolved'],
    ['npm error code ECONNREFUSED', 'did not answer'],
    ['npm error code ERR_SOCKET_TIMEOUT', 'did not answer'],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['npm error code ENOSPC\nnpm error nospc no space left on device', 'disk is full'],
    ['npm error code EACCES\nnpm error path /opt/console/node_modules', 'may not be written'],
    ['npm error code E403', 'refused a package'],
    ['npm error code EINTEGRITY', 'not the one that the lock file names'],
    ['npm error code EUSAGE', 'do not belong together'],
    ['npm error Segmentation fault', 'could not be installed'],
  ])('%s', (output, expected) => {
    const problem = explainInstallFailure(output);
    expect(problem.what).toContain(expected);
    expect(problem.next).toMatch(/\.$/);
  });

  it('prefers the full disk to the network error that it caused', () => {
    expect(explainInstallFailure('ENOSPC\nECONNRESET').what).toContain('disk');
  });

  it('prints what happened before what to do', () => {
    expect(problemText({ what: 'A.', next: 'B.' })).toBe('A.\n  Next: B.');
  });
});
