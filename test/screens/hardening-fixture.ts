import type { ServerHardening, UnitMark } from '../../shared/servers/hardening.ts';

const mark = (part: UnitMark['part'], unit: string, exposure: number | null, why: string | null = null) => ({
  unit: `${unit}.service`,
  part,
  exposure,
  word: exposure === null ? '' : exposure > 5 ? 'MEDIUM' : 'OK',
  why,
});

/** Marks of one server: as installed, opened by somebody, and not known. */
export function hardeningFixture(server: string): ServerHardening {
  return {
    server,
    systemd: 'systemd 252 (252.39-1~deb12u2)',
    units: server.includes('witness')
      ? [mark('lease store', 'ixha-witness', 1.7)]
      : [
          mark('agent', 'ixha-agent@WK1', server.includes('south') ? 6.4 : 3.6),
          mark('guard', 'ixha-guard-1@WK1', 1.9),
          mark('guard', 'ixha-guard-2@WK1', null, 'this unit is not on the server'),
        ],
  };
}
