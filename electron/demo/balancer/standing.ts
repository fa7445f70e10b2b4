/** What the balancer holds of one server for one cluster. */
export interface Standing {
  readonly server: string;
  readonly up: boolean;
  /** Checks in a row that spoke against `up`. */
  readonly against: number;
  /** HTTP status of the last check; null: no answer in time. */
  readonly status: number | null;
}

export interface Thresholds {
  readonly fall: number;
  readonly rise: number;
}

/** A server that was never checked is down. */
export function unchecked(server: string): Standing {
  return { server, up: false, against: 0, status: null };
}

/** Takes the result of one check: only 200 is a yes, and silence is a no. */
export function afterCheck(standing: Standing, status: number | null, thresholds: Thresholds): Standing {
  const good = status === 200;
  if (good === standing.up) return { ...standing, against: 0, status };
  const against = standing.against + 1;
  const turns = against >= (good ? thresholds.rise : thresholds.fall);
  return turns ? { ...standing, up: good, against: 0, status } : { ...standing, against, status };
}

/**
 * Where a cluster's connections go. The server in use keeps them as long as it is up, so two that both
 * say 200 never share the traffic; otherwise the first that is up; null when none is.
 */
export function route(standings: readonly Standing[], current: string | null): string | null {
  const up = standings.filter((standing) => standing.up).map((standing) => standing.server);
  return current !== null && up.includes(current) ? current : (up[0] ?? null);
}
