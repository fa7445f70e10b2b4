// Which site `npm run ixha` speaks to, where its call does not say so.

/** Words with which `ixha` does something that no site is needed for. */
const withoutSite = ['help', 'member', 'witness', 'seed', 'enroll', 'version'];

/**
 * @param {{ args: string[], env: Record<string, string | undefined>, hasOwnAgent: boolean,
 *   demos: { profile: string }[] }} facts `hasOwnAgent`: this machine is a server of a site
 * @returns {{ kind: 'as-said' } | { kind: 'demo', profile: string } | { kind: 'several', profiles: string[] }
 *   | { kind: 'none' }}
 */
export function profileFor({ args, env, hasOwnAgent, demos }) {
  const [verb = 'help'] = args;
  const says = args.some((word) => /^--(profile|help)\b/.test(word) || word === '-h');
  if (says || env.IXHA_PROFILE || hasOwnAgent || withoutSite.includes(verb)) return { kind: 'as-said' };
  if (demos.length === 0) return { kind: 'none' };
  if (demos.length > 1) return { kind: 'several', profiles: demos.map(({ profile }) => profile) };
  return { kind: 'demo', profile: demos[0].profile };
}
