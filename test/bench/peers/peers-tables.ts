import { megabytes, type Table } from '../table.ts';
import { resultsOf, spreadOf, type EventResult, type PeersResult, type Spread } from './results.ts';

/** A second gap below this is the sender's own unrest under load, not an interruption. */
const gapToldMs = 500;

/** Everything that a run of the peers tells, as tables. Pure. */
export function peersTables(result: PeersResult): Table[] {
  const compared = ratios(result);
  const tables = [downtimes(result), compared, overlaps(result), secondGaps(result), memories(result)];
  // Ratios need somebody of ours to be measured.
  return tables.filter((table) => table !== compared || table.head.length > 1);
}

function downtimes(result: PeersResult): Table {
  const table = perEvent(
    result,
    'Seconds without an acknowledged message, min / median / max (number of runs)',
    (events) => counted(spreadOf(events.map(({ downMs }) => downMs))),
  );
  const { engineAlone = [] } = result;
  if (engineAlone.length === 0) return table;
  const alone = result.contenders.map(({ name }) =>
    spreadOf(engineAlone.filter(({ contender }) => contender === name).map(({ downMs }) => downMs)),
  );
  return { ...table, rows: [...table.rows, ['the engine alone, restarted', ...alone.map(counted)]] };
}

function counted(spread: Spread | null): string {
  return spread === null ? '–' : `${triple(spread)} (${spread.count})`;
}

/** Medians of ours divided by those of each peer: below 1 is faster. */
function ratios(result: PeersResult): Table {
  const ours = result.contenders.filter(({ kind }) => kind === 'product');
  const peers = result.contenders.filter(({ kind }) => kind === 'peer');
  const pairs = ours.flatMap((own) => peers.map((peer) => ({ own, peer })));
  const median = (contender: string, event: string) =>
    spreadOf(resultsOf(result.results, contender, event).map(({ downMs }) => downMs))?.median;
  return {
    title: 'The same as ratios of medians: below 1 is shorter than the peer',
    head: ['event', ...pairs.map(({ own, peer }) => `${own.name} ÷ ${peer.title}`)],
    rows: result.events.map((event) => [
      event.title,
      ...pairs.map(({ own, peer }) => {
        const [one, other] = [median(own.name, event.name), median(peer.name, event.name)];
        return one === undefined || other === undefined || other === 0 ? '–' : (one / other).toFixed(2);
      }),
    ]),
  };
}

function overlaps(result: PeersResult): Table {
  return perEvent(result, 'Seconds with two engines running, the worst run', (events) =>
    events.length === 0 ? '–' : seconds(Math.max(...events.map(({ overlapMs }) => overlapMs))),
  );
}

function secondGaps(result: PeersResult): Table {
  return perEvent(
    result,
    `A second gap of more than ${gapToldMs / 1_000} s once the fault is undone, the worst run`,
    (events) => {
      const worst = Math.max(0, ...events.map(({ downAfterMs }) => downAfterMs));
      return events.length === 0 ? '–' : worst > gapToldMs ? `${seconds(worst)} s` : 'none';
    },
  );
}

function memories({ contenders, memory }: PeersResult): Table {
  const hosts = [...new Set(memory.map(({ host }) => host))];
  return {
    title: 'Memory of its processes on each host in megabytes: proportional share (private, anonymous)',
    head: ['host', ...contenders.map(({ title }) => title)],
    rows: hosts.map((host) => [
      host,
      ...contenders.map(({ name }) => {
        const found = memory.find((one) => one.contender === name && one.host === host);
        return found === undefined ? '–' : `${megabytes(found.pssKb)} (${megabytes(found.anonymousKb)})`;
      }),
    ]),
  };
}

function perEvent(
  { contenders, events, results }: PeersResult,
  title: string,
  cell: (some: readonly EventResult[]) => string,
): Table {
  return {
    title,
    head: ['event', ...contenders.map((contender) => contender.title)],
    rows: events.map((event) => [
      event.title,
      ...contenders.map(({ name }) => cell(resultsOf(results, name, event.name))),
    ]),
  };
}

function triple({ min, median, max }: Spread): string {
  return [min, median, max].map((ms) => seconds(ms)).join(' / ');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
