import type { LogLine, ServerLogs } from '../../shared/support/server-logs.ts';

const line = (second: number, unit: string, priority: number, text: string): LogLine => ({
  at: new Date(Date.parse('2026-05-01T08:00:00Z') + second * 1000).toISOString(),
  unit: `${unit}.service`,
  priority,
  pid: 712,
  text,
});

/** Logs of one server as they are shown. */
export const logsFixture: ServerLogs = {
  schema: 1,
  productVersion: '0.9.1',
  wallTime: '2026-05-01T08:05:00.000Z',
  units: ['ixha-agent@WK1', 'ixha-guard-1@WK1', 'ixha-guard-2@WK1', 'iguanax-wk1'].map(
    (unit) => `${unit}.service`,
  ),
  lines: [
    line(1, 'ixha-guard-1@WK1', 6, 'Started ixha-guard-1@WK1.service - First guard of the engine of WK1.'),
    line(2, 'ixha-guard-2@WK1', 6, 'Started ixha-guard-2@WK1.service - Second guard of the engine of WK1.'),
    line(4, 'ixha-agent@WK1', 6, 'Started ixha-agent@WK1.service - Agent of WK1.'),
    line(5, 'ixha-agent@WK1', 6, 'The lease is asked for with epoch 41.'),
    line(9, 'ixha-agent@WK1', 4, 'The peer has not answered for 3 s.'),
    line(14, 'iguanax-wk1', 3, 'Main process exited, code=killed, status=9/KILL'),
    line(15, 'ixha-agent@WK1', 4, 'The engine has ended by itself; it is started again in place: 1 of 2.'),
    line(19, 'iguanax-wk1', 6, 'Started iguanax-wk1.service - [left out]'),
    line(22, 'ixha-agent@WK1', 6, 'The engine answers on its port.'),
  ],
  cursor: 's=ab;i=9',
  isCut: false,
  missing: [],
};
