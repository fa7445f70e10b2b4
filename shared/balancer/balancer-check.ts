import * as z from 'zod/mini';
import { atPort, type BalancedListener } from './balanced-site.ts';

/** What was seen of one listener through the balancer's address. */
export const BalancerCheck = z.object({
  cluster: z.string(),
  /** The cluster with what people call the listener. */
  listener: z.string(),
  /** Where senders come in, with its port. */
  address: z.string(),
  /** proven: the Active answers there · failed: somebody else does, or nobody · unknown: it could not be seen. */
  verdict: z.enum(['proven', 'failed', 'unknown']),
  /** Id of the server that answers; null: none, or not known. */
  server: z.nullable(z.string()),
  finding: z.string(),
  remedy: z.nullable(z.string()),
});
export type BalancerCheck = z.infer<typeof BalancerCheck>;

/** All of them at one moment, as a workstation keeps it. */
export const BalancerVerification = z.object({ wallTime: z.string(), checks: z.array(BalancerCheck) });
export type BalancerVerification = z.infer<typeof BalancerVerification>;

/** What one member saw of its listener; null: it could not be asked. */
export interface SeenAtMember {
  readonly server: string;
  /** Who was connected there before, while and after our own connection through the balancer was open. */
  readonly sessions: {
    readonly before: readonly string[];
    readonly during: readonly string[];
    readonly after: readonly string[];
  } | null;
  /** What its /active answers; null: no answer. */
  readonly active: number | null;
}

/** What became of our own connection to the balancer's address. */
export type OwnConnection =
  | { readonly kind: 'held' }
  /** Accepted, and ended by the other side before anything was said. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly why: string };

/** Who answers through the balancer's address, from what was seen on both sides of it. Pure. */
export function judgeListener(
  listener: BalancedListener,
  own: OwnConnection,
  seen: readonly SeenAtMember[],
): BalancerCheck {
  const base = {
    cluster: listener.cluster,
    listener: listener.words,
    address: atPort(listener.address, listener.port),
  };
  const nameOf = (id: string) => listener.members.find(({ server }) => server === id)?.name ?? id;
  const say = (
    verdict: BalancerCheck['verdict'],
    server: string | null,
    finding: string,
    remedy: string | null = null,
  ): BalancerCheck => ({ ...base, verdict, server, finding, remedy });
  if (own.kind === 'refused') {
    const remedy = 'See that the balancer runs with this listener, and that this workstation may reach it.';
    return say('failed', null, `nobody answers there (${own.why})`, remedy);
  }
  if (own.kind === 'ended') {
    const remedy = 'See that it reaches the /active ports of both members, and that one of them is Active.';
    return say('failed', null, 'the balancer answers and ends the connection: it sends to nobody', remedy);
  }
  const unseen = seen.filter(({ sessions }) => sessions === null).map(({ server }) => nameOf(server));
  const reached = seen.filter(({ sessions }) => sessions !== null && cameAndWent(sessions));
  if (reached.length === 0) {
    return unseen.length > 0
      ? say(
          'unknown',
          null,
          `the balancer answers; whom it sends to was not seen, since ${unseen.join(' and ')} could not be asked`,
          'Let the console reach both members over SSH, then verify again.',
        )
      : say(
          'failed',
          null,
          'the balancer answers, and no member saw the connection',
          'See that this listener sends to the ports of the members, and that the address is the balancer’s.',
        );
  }
  if (reached.length > 1) {
    return say(
      'unknown',
      null,
      'other senders came and went meanwhile at both members: which one was ours is not known',
      'Verify again.',
    );
  }
  return judgeReached(reached[0]!, nameOf, say);
}

function judgeReached(
  { server, active }: SeenAtMember,
  nameOf: (id: string) => string,
  say: (
    verdict: BalancerCheck['verdict'],
    server: string | null,
    finding: string,
    remedy?: string | null,
  ) => BalancerCheck,
): BalancerCheck {
  const name = nameOf(server);
  if (active === 200) return say('proven', server, `${name} answers, and its /active says 200`);
  if (active === null) {
    const finding = `${name} answers; this workstation cannot ask its /active`;
    return say('unknown', server, finding, 'Let this workstation reach the /active port, then verify again.');
  }
  const finding = `${name} answers, although its /active says ${active}`;
  const remedy = 'The balancer does not obey /active: compare its health check with the recipe.';
  return say('failed', server, finding, remedy);
}

/** A session that came with ours and went with it. */
function cameAndWent({ before, during, after }: NonNullable<SeenAtMember['sessions']>): boolean {
  return during.some((remote) => !before.includes(remote) && !after.includes(remote));
}
