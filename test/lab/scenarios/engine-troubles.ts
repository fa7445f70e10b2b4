import type { FaultName, FaultValue } from '../../../electron/demo/engine/faults.ts';
import { pause } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
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
  {
    name: 'engine-api-nonsense',
    fault: 'wrong-json',
    does: 'the API of WK1’s engine answers with data of another form',
    named: /another form|unexpected/,
  },
  {
    name: 'engine-api-page',
    fault: 'html-200',
    does: 'the API of WK1’s engine answers everything with a page and 200',
    named: /page/,
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

export const engineSilent: Scenario = {
  name: 'engine-running-but-silent',
  fault: 34,
  does: 'WK1’s engine hangs in everything for 12 s: API, messages and stop',
  expected: 'named, not moved by itself; messages wait at the senders and go on afterwards',
  nobodyCan: 'the engine answers nothing for 12 s and is not moved, as nobody knows that a move helps',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/the engine's API does not answer as it should/],
  async carryOut({ lab, wk1, first, waitForWords }) {
    await switchEngineFault(lab, wk1, first(wk1), 'hang-all', true);
    await waitForWords(wk1, /the engine's API does not answer as it should/);
    await pause(8_000);
  },
};

export const componentsOff: Scenario = {
  name: 'components-off',
  fault: 34,
  does: 'all components of WK1’s engine are switched off at the engine, as in its dashboard',
  expected:
    'told with how many are off; nothing moves; a planned move does not switch on what a person switched off',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'own-checks',
  tells: [/components? (is|are) off/],
  async carryOut(stage) {
    const { lab, wk1, first, other, check, waitForWords, waitForActive } = stage;
    await switchEngineFault(lab, wk1, first(wk1), 'components-off', true);
    await waitForWords(wk1, /components? (is|are) off/);
    const moved = await ixha(lab, ['switchover', wk1.id, '--to', other(wk1), '--reason', 'lab']);
    check(
      'a switchover is still possible',
      moved.code === 0,
      (moved.stdout + moved.stderr).trim().slice(-200),
    );
    await waitForActive(wk1, other(wk1));
  },
};

/** These strike at a start: the engine is killed once, so that it starts with the fault. */
interface StartTrouble {
  readonly name: string;
  readonly fault: FaultName;
  readonly does: string;
  readonly named: RegExp;
}

const startTroubles: readonly StartTrouble[] = [
  {
    name: 'engine-in-safe-mode',
    fault: 'safe-mode',
    does: 'kill WK1’s engine; it comes back in safe mode and starts no component',
    named: /safe mode/i,
  },
  {
    name: 'engine-licence-exceeded',
    fault: 'licence-exceeded',
    does: 'kill WK1’s engine; its licence allows no component when it comes back',
    named: /licen[cs]e/i,
  },
];

export const startTroubleScenarios: readonly Scenario[] = startTroubles.map(
  ({ name, fault, does, named }): Scenario => ({
    name,
    fault: 34,
    does,
    expected: 'tried three times, named, then handed over to the other server, where it works',
    journeys: { WK1: /^first → first( → first)* → other$/, WK2: ['first'] },
    told: 'failover',
    tells: [named],
    async carryOut({ lab, wk1, first, other, waitForActive }) {
      await switchEngineFault(lab, wk1, first(wk1), fault, true);
      signalUnit(lab, first(wk1), wk1.unit, 'SIGKILL');
      await waitForActive(wk1, other(wk1));
    },
  }),
);

export const answersAreLost: Scenario = {
  name: 'acknowledgements-lost',
  fault: 34,
  does: 'WK1’s engine stores messages and loses 20 acknowledgements',
  expected: 'senders send again: duplicates that are explained, nothing lost, nothing moves',
  nobodyCan: 'the engine loses its acknowledgements',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk1, first } = stage;
    await switchEngineFault(lab, wk1, first(wk1), 'lose-ack', 20);
    await pause(6_000);
  },
};
