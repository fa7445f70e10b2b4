import { agentApiLimits, agentPaths, JournalPage } from '../../../shared/agent-api/agent-api.ts';
import { endpointKey } from '../agent-links/agent-endpoint.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { describeCause } from '../host-log.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import type { HistoryDatabase } from './history-database.ts';

const lookEveryMs = 500;
const pageWithinMs = 4_000;
/** After a page that could not be read: a server that is away is not asked at every look. */
const retryAfterMs = 3_000;

/** How far one member's journal has been read. */
export interface JournalProgress {
  readonly cluster: string;
  readonly server: string;
  /** Newest record that is here, and the newest that the agent has named; null: it has not been heard. */
  readonly head: number;
  readonly wanted: number | null;
  /** Why the last reading failed; null when it did not. */
  readonly why: string | null;
}

export interface HistoryKeeper {
  progress(): JournalProgress[];
  stop(): void;
}

export interface HistoryKeeperOptions {
  readonly database: HistoryDatabase;
  readonly agents: () => readonly LinkedAgent[];
  readonly ask: AskAgent;
  readonly time: HostTime;
}

/** Reads what the members' journals have grown by, page after page, one request per member at a time. */
export function startHistoryKeeper(options: HistoryKeeperOptions): HistoryKeeper {
  const { database, agents, ask, time } = options;
  const busy = new Set<string>();
  const failures = new Map<string, { readonly why: string; readonly atMs: number }>();
  let stopped = false;
  let cancel: Cancel = () => undefined;

  const readOnePage = async (member: LinkedAgent, from: number): Promise<string | null> => {
    const { cluster, server } = member.endpoint;
    const path = `${agentPaths.journal}?from=${from}&limit=${agentApiLimits.journalPage}`;
    const page = await ask(member.endpoint, { path, schema: JournalPage, withinMs: pageWithinMs });
    if (stopped) return null;
    if (!page.ok) return page.error.message;
    if (page.value.records.length > 0 && cluster !== null)
      database.add({ cluster, server }, page.value.records);
    return null;
  };
  const follow = async (member: LinkedAgent, from: number) => {
    const key = endpointKey(member.endpoint);
    busy.add(key);
    let why: string | null;
    try {
      why = await readOnePage(member, from);
    } catch (cause) {
      why = `it could not be kept here: ${describeCause(cause).split('\n')[0]}`;
    }
    busy.delete(key);
    if (why === null) failures.delete(key);
    else failures.set(key, { why, atMs: time.bootMs() });
  };
  const look = () => {
    for (const member of agents()) {
      const { cluster, server } = member.endpoint;
      const key = endpointKey(member.endpoint);
      const failed = failures.get(key);
      if (cluster === null || member.snapshot?.kind !== 'member' || busy.has(key)) continue;
      if (member.link.phase !== 'connected') continue;
      if (failed !== undefined && time.bootMs() - failed.atMs < retryAfterMs) continue;
      const head = database.head({ cluster, server });
      // A head that went back: the journal was begun anew with the agent.
      const from = member.snapshot.journalHead < head ? 1 : head + 1;
      if (member.snapshot.journalHead !== head) void follow(member, from);
    }
    cancel = time.after(lookEveryMs, look);
  };
  cancel = time.after(lookEveryMs, look);
  return {
    progress: () =>
      agents().flatMap(({ endpoint, snapshot }) => {
        const { cluster, server } = endpoint;
        if (cluster === null) return [];
        const wanted = snapshot?.kind === 'member' ? snapshot.journalHead : null;
        const why = failures.get(endpointKey(endpoint))?.why ?? null;
        return [{ cluster, server, head: database.head({ cluster, server }), wanted, why }];
      }),
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
