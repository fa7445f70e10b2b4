import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { createAskAgent } from '../agent-links/agent-requests.ts';
import { sshWay } from '../agent-links/ssh-way.ts';
import { pullIntoProfile } from '../configuration/pull-into-profile.ts';
import { systemTime } from '../host-time.ts';
import { readProfile } from '../profile/read-profile.ts';
import { createSessionPool } from '../ssh/session-pool.ts';
import { openSession } from '../ssh/ssh-session.ts';

/** `site pull --profile DIR`: the newest site document that the agents tell. Errors: those of a profile, site.missing. */
export async function pullVerb(
  directory: string,
  plan: boolean,
  sshAgentSocket: string | undefined,
): Promise<Result<string[], ProductError[]>> {
  const time = systemTime();
  const profile = await readProfile(directory, time.wallTime());
  if (!profile.ok) return fail([profile.error]);
  const { site, access, credentials } = profile.value;
  const pool = createSessionPool({ open: openSession, time });
  try {
    const ask = createAskAgent(credentials, sshWay(site, access, pool, { sshAgentSocket }));
    const pulled = await pullIntoProfile({ profile: profile.value, ask, plan });
    if (!pulled.ok) return pulled;
    return succeed([...pulled.value, plan ? 'Nothing was changed.' : `${directory} has it.`]);
  } finally {
    pool.end();
  }
}
