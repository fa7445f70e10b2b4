import { pause, until } from '../../lab/hosts/command.ts';
import { address, memberHosts, type LabLayout } from '../../lab/hosts/layout.ts';
import { onHost } from '../../lab/hosts/ssh.ts';
import { bootMs } from '../../lab/judge/observe.ts';
import { Traffic } from '../../lab/judge/traffic.ts';
import { gapFigures } from './acknowledgements.ts';
import { acknowledgements, answering, loadNow, sender } from './measure-event.ts';
import { benchCluster } from './payload.ts';
import type { EngineAloneResult } from './results.ts';

const steadyMs = 2_000;
const answersLimitMs = 30_000;

/**
 * What the engine's own stop and start cost the same sender: the service manager restarts it on one host, on which
 * nothing of a solution is installed yet. A planned move cannot be shorter than what this takes there.
 * @param runs how often it is restarted
 */
export async function measureEngineAlone(
  lab: LabLayout,
  contender: string,
  runs: number,
): Promise<EngineAloneResult[]> {
  const host = memberHosts[0]!;
  const target = { address: address(lab, host), port: benchCluster.listener.port };
  await onHost(lab, host, `systemctl start ${benchCluster.unit}`);
  const traffic = await Traffic.start(lab, [sender(lab, target)]);
  const results: EngineAloneResult[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      await answersSince(lab, bootMs());
      const load = loadNow();
      const beganMs = bootMs();
      await onHost(lab, host, `systemctl restart ${benchCluster.unit}`);
      await answersSince(lab, bootMs());
      const { downMs } = gapFigures(acknowledgements(lab, beganMs - 500), beganMs, bootMs());
      results.push({ contender, downMs, load });
    }
  } finally {
    await traffic.stop().catch(() => undefined);
    await onHost(lab, host, `systemctl stop ${benchCluster.unit}`);
  }
  return results;
}

/** The sender gets its answers, and has for a while. */
async function answersSince(lab: LabLayout, sinceMs: number): Promise<void> {
  await pause(steadyMs);
  await until(
    'answers of the engine alone',
    () =>
      Promise.resolve(answering(acknowledgements(lab, Math.max(sinceMs, bootMs() - steadyMs))) !== undefined),
    { deadlineMs: answersLimitMs, everyMs: 100 },
  );
}
