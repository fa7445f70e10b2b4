import { describe, expect, it } from 'vitest';
import { describeHostKey, judgeHostKey } from '../../../../electron/host/ssh/host-key.ts';

const presented = { keyType: 'ssh-ed25519', fingerprint: 'SHA256:one' };

describe('judging a host key', () => {
  it.each([
    ['match', [{ fingerprint: 'SHA256:one' }]],
    ['match', [{ keyType: 'ssh-ed25519', fingerprint: 'SHA256:one' }]],
    ['match', [{ fingerprint: 'SHA256:two' }, { fingerprint: 'SHA256:one' }]],
    ['changed', [{ fingerprint: 'SHA256:two' }]],
    ['changed', [{ keyType: 'ssh-ed25519', fingerprint: 'SHA256:two' }]],
    ['other-type', [{ keyType: 'ssh-rsa', fingerprint: 'SHA256:two' }]],
    ['other-type', [{ keyType: 'ssh-rsa', fingerprint: 'SHA256:one' }]],
    ['unknown', []],
  ] as const)('says %s', (verdict, pinned) => {
    expect(judgeHostKey(pinned, presented)).toBe(verdict);
  });

  it('reads type and fingerprint as ssh-keygen prints them', () => {
    // A public key made for this test with ssh-keygen; the fingerprint is what ssh-keygen -lf said.
    const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIKslPuSZYV+byk5ysl8Nkb56ka6CnnCDW9cOlnEfw7Qq';
    expect(describeHostKey(Buffer.from(blob, 'base64'))).toEqual({
      keyType: 'ssh-ed25519',
      fingerprint: 'SHA256:NjCCTc1ZUOJL2IL2lFpz3EvW4Q/hhYGfnJd+TE11yxo',
    });
  });

  it('does not read beyond a damaged blob', () => {
    expect(describeHostKey(Buffer.from([0, 0]))).toMatchObject({ keyType: '' });
    expect(describeHostKey(Buffer.from([255, 255, 255, 255, 65])).keyType).toBe('A');
  });
});
