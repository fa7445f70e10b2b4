import type { FaultName, FaultValue } from '../../../electron/demo/engine/faults.ts';
import { ixha } from '../site/console-command.ts';
import { switchEngineFault } from '../site/engine-control.ts';
import type { Scenario } from './scenario.ts';
import { staysActive } from './steps.ts';

interface Unwell {
  readonly name: string;
  readonly fault: FaultName;
  readonly value?: FaultValue;
  readonly does: string;
  /** What `ixha why` has to name within a few seconds. */
  readonly named: RegExp;
}

/** The engine is unwell while its process runs: named, and not moved where nobody knows that a move helps. */
const unwell: readonly Unwell[] = [
  {
    name: 'engine-api-hangs',
    fault: 'hang-api',
    does: 'the API of WK1’s engine accepts connections and does not answer',
    named: /API|answer/,
  },
];

export const engineTroubleScenarios: readonly Scenario[] = unwell.map(
  ({ name, fault, value, does, named }): Scenario => ({
    name,
    fault: 34,
    does,
    expected: 'named in the journal and by ixha why; messages flow on and nothing moves',
    journeys: { WK1: ['first'], WK2: ['first'] },
    told: 'nothing',
    tells: [/it holds the lease, but the engine's API does not answer as it should/],
    async carryOut(stage) {
      const { lab, wk1, first, check, waitForWords } = stage;
      await switchEngineFault(lab, wk1, first(wk1), fault, value ?? true);
      await waitForWords(wk1, /the engine's API does not answer as it should/);
      const why = await ixha(lab, ['why', wk1.id]);
      check('ixha why names it', named.test(why.stdout), why.stdout.slice(0, 200));
      await staysActive(stage, wk1, 3_000);
    },
  }),
);
