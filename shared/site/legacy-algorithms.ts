/**
 * Algorithms that are no longer safe and that old servers still need, by what they are for. None is
 * offered unless somebody consented to it for that one server.
 */
export const legacyByPurpose = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-96', 'hmac-md5'],
} as const;

export type LegacyPurpose = keyof typeof legacyByPurpose;
export type LegacyAlgorithm = (typeof legacyByPurpose)[LegacyPurpose][number];

export const legacyAlgorithms: readonly LegacyAlgorithm[] = Object.values(legacyByPurpose).flat();
