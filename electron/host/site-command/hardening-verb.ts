import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { judgeMark, markWords, type ServerHardening } from '../../../shared/servers/hardening.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { shortUnit } from '../../../shared/support/server-logs.ts';
import { readHardening } from '../hardening/read-hardening.ts';
import type { ReachServer } from '../support/server-part.ts';
import { chosenServers } from './chosen-servers.ts';
import type { SiteCommand } from './commands.ts';

interface HardeningPorts extends ReachServer {
  /** One server. */
  readonly say: (told: ServerHardening, text: string) => void;
}

/**
 * `site hardening`: how open the product's units are on one server or on all, as each server's systemd marks them. Fails
 * where a server cannot be reached; a mark that cannot be had is told as unknown. Errors: request.invalid (no such
 * server), ssh.*, server.*.
 */
export async function hardeningVerb(
  command: Extract<SiteCommand, { verb: 'hardening' }>,
  site: SiteDocument,
  { say, ...reach }: HardeningPorts,
): Promise<Result<string[], ProductError[]>> {
  const servers = chosenServers(site, command.server);
  if (!servers.ok) return fail([servers.error]);
  const looks = await Promise.all(servers.value.map((server) => readHardening(site, server, reach)));
  const told = looks.flatMap((look) => (look.ok ? [look.value] : []));
  for (const one of told) say(one, hardeningText(one, site));
  const errors = looks.flatMap((look) => (look.ok ? [] : [look.error]));
  if (errors.length > 0) return fail(errors);
  return succeed([summaryOf(told)]);
}

function hardeningText({ server, systemd, units }: ServerHardening, site: SiteDocument): string {
  const name = site.servers.find(({ id }) => id === server)?.name ?? server;
  const widest = Math.max(...units.map(({ unit }) => shortUnit(unit).length));
  const lines = units.map((mark) => `  ${shortUnit(mark.unit).padEnd(widest)}  ${markWords(mark)}`);
  return [`${name} (${systemd ?? 'its systemd is not known'})`, ...lines].join('\n');
}

function summaryOf(told: readonly ServerHardening[]): string {
  const units = told.flatMap((one) => one.units);
  const count = (judged: ReturnType<typeof judgeMark>) =>
    units.filter((mark) => judgeMark(mark) === judged).length;
  return [
    `${units.length} units: ${count('as-installed')} as installed, ${count('open')} more open, ${count('unknown')} not known.`,
    'From 0 (closed) to 10 (open), as systemd-analyze of each server has just said.',
  ].join(' ');
}
