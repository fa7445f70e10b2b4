import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import type { ServerHardening, UnitMark } from '../../../shared/servers/hardening.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { isObserved, witnessServerOf } from '../../../shared/site/site-rules.ts';
import { unitsOf, witnessUnit } from '../install/server-paths.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';
import { connectTo } from '../support/read-logs.ts';
import type { ReachServer } from '../support/server-part.ts';

type AskedUnit = Pick<UnitMark, 'unit' | 'part'>;

/** For each unit its name, and the last thing that systemd-analyze says of it: the mark, or why there is none. */
const script = String.raw`LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_EMOJI=0; export LC_ALL SYSTEMD_COLORS SYSTEMD_EMOJI
printf 'Version=%s\n' "$(systemctl --version 2>/dev/null | head -n 1)"
command -v systemd-analyze >/dev/null 2>&1 || { echo Missing=yes; exit 0; }
for unit do
  printf 'Unit=%s\nSaid=%s\n' "$unit" "$(timeout -k 1 5 systemd-analyze security --no-pager "$unit" 2>&1 | grep . | tail -n 1)"
done`;

const usualMs = 30_000;

/**
 * How open the product's units on one server are, by that server's own systemd, over a connection of its own. A mark that
 * cannot be had is told as unknown with its reason. Errors: ssh.*, server.*.
 *
 * @param withinMs how long the program there may take; 30 s when absent
 */
export async function readHardening(
  site: SiteDocument,
  server: Server,
  reach: ReachServer,
  withinMs = usualMs,
): Promise<Result<ServerHardening, ProductError>> {
  const connection = await connectTo(server, reach);
  if (!connection.ok) return connection;
  try {
    return await hardeningOf(connection.value, server.id, unitsOn(site, server.id), withinMs);
  } finally {
    connection.value.close();
  }
}

/** The product's units that a server has by the site document; guards of a site that is only observed are not there. Pure. */
export function unitsOn(site: SiteDocument, server: string): AskedUnit[] {
  const clusters = site.clusters.filter(({ members }) => members.some((member) => member.server === server));
  const ofClusters = clusters.flatMap(({ id }): AskedUnit[] => {
    const { agent, guards } = unitsOf(id);
    const guarded = isObserved(site) ? [] : guards;
    return [{ unit: agent, part: 'agent' }, ...guarded.map((unit): AskedUnit => ({ unit, part: 'guard' }))];
  });
  const store: AskedUnit[] =
    witnessServerOf(site) === server ? [{ unit: witnessUnit, part: 'lease store' }] : [];
  return [...ofClusters, ...store];
}

async function hardeningOf(
  connection: CommandRunner,
  server: string,
  units: readonly AskedUnit[],
  timeoutMs: number,
): Promise<Result<ServerHardening, ProductError>> {
  const argv = ['sh', '-c', script, 'ixha-hardening', ...units.map(({ unit }) => unit)];
  const what = 'systemd-analyze security';
  const told = await outputOf(connection, argv, { privileged: true, timeoutMs, what });
  return told.ok ? succeed({ server, ...readMarks(told.value, units) }) : told;
}

/** What the server has said, unit by unit in the order asked. Pure. */
export function readMarks(
  told: string,
  units: readonly AskedUnit[],
): Pick<ServerHardening, 'systemd' | 'units'> {
  const lines = told.split('\n').map(plain);
  const systemd = after(lines, 'Version=');
  const isMissing = lines.includes('Missing=yes');
  return {
    systemd,
    units: units.map(({ unit, part }) => {
      if (isMissing) return unknown(unit, part, 'this server has no systemd-analyze');
      const at = lines.indexOf(`Unit=${unit}`);
      return markOf(unit, part, at === -1 ? null : after(lines.slice(at + 1, at + 2), 'Said='));
    }),
  };
}

function markOf(unit: string, part: UnitMark['part'], said: string | null): UnitMark {
  if (said === null) return unknown(unit, part, 'systemd-analyze has said nothing, or took too long');
  const [, number, word = ''] = /exposure level for \S+: (\d{1,2}(?:\.\d+)?) ?([A-Za-z]*)/.exec(said) ?? [];
  const exposure = number === undefined ? Number.NaN : Number(number);
  if (exposure >= 0 && exposure <= 10) return { unit, part, exposure, word, why: null };
  if (/not found/i.test(said)) return unknown(unit, part, 'this unit is not on the server');
  if (/unknown operation|unknown command/i.test(said))
    return unknown(unit, part, 'systemd-analyze of this server is too old to judge units');
  return unknown(unit, part, `systemd-analyze says: ${said.slice(0, 200)}`);
}

function unknown(unit: string, part: UnitMark['part'], why: string): UnitMark {
  return { unit, part, exposure: null, word: '', why };
}

function after(lines: readonly string[], key: string): string | null {
  const value =
    lines
      .find((line) => line.startsWith(key))
      ?.slice(key.length)
      .trim() ?? '';
  return value === '' ? null : value.slice(0, 200);
}

/** A server is not believed to send text only. */
function plain(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '').trimEnd();
}
