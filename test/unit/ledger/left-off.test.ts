import { describe, expect, it } from 'vitest';
import type { ComponentState } from '../../../shared/engine/component-state.ts';
import {
  followLeftOff,
  newLeftOff,
  settledOffMs,
  type LeftOffState,
} from '../../../shared/ledger/left-off.ts';

type Light = ComponentState['light'];
const component = (name: string, light: Light, errors = 0): ComponentState => ({
  guid: name,
  name,
  poller: name === 'files',
  light,
  errors,
  queued: 0,
  received: null,
  position: null,
  lastNumber: null,
  lastMessageId: null,
  lastActivity: null,
});
interface Look {
  readonly at: number;
  readonly lights: Readonly<Record<string, Light>>;
  readonly weSwitch?: boolean;
  readonly errors?: number;
}
function follow(looks: readonly Look[], start: LeftOffState = newLeftOff()): string[] {
  const end = looks.reduce(
    (state, { at, lights, weSwitch = false, errors = 0 }) =>
      followLeftOff(
        state,
        Object.entries(lights).map(([name, light]) => component(name, light, name === 'LAB' ? errors : 0)),
        { weSwitch, nowMs: at },
      ),
    start,
  );
  return [...end.leftOff];
}
const on = { ADT: 'on', LAB: 'on' } as const;
const off = { ADT: 'on', LAB: 'off' } as const;

describe('a component that a person switches off', () => {
  it('is left off once it has settled, and not before', () => {
    const looks = [
      { at: 0, lights: on },
      { at: 1_000, lights: off },
    ];
    expect(follow([...looks, { at: 1_000 + settledOffMs - 1, lights: off }])).toEqual([]);
    expect(follow([...looks, { at: 1_000 + settledOffMs, lights: off }])).toEqual(['LAB']);
  });

  it('is not left off any more when it was switched on again', () => {
    const looks = [
      { at: 0, lights: on },
      { at: 1_000, lights: off },
      { at: 9_000, lights: off },
      { at: 10_000, lights: on },
    ];
    expect(follow(looks)).toEqual([]);
  });

  it('stays left off under the next Active, which never saw it on', () => {
    expect(follow([{ at: 0, lights: off }], newLeftOff(['LAB']))).toEqual(['LAB']);
  });
});

describe('a component that is off for another reason is started again:', () => {
  const settled = 1_000 + settledOffMs;
  it.each<[string, Look[]]>([
    ['it was never seen on', [{ at: settled, lights: off }]],
    [
      'the agent switches',
      [
        { at: 0, lights: on },
        { at: 1_000, lights: off, weSwitch: true },
        { at: settled, lights: off, weSwitch: true },
      ],
    ],
    [
      'it went off with an error',
      [
        { at: 0, lights: on },
        { at: 1_000, lights: off, errors: 1 },
        { at: settled, lights: off, errors: 1 },
      ],
    ],
    [
      'a fault took one after the other',
      [
        { at: 0, lights: on },
        { at: 1_000, lights: off },
        { at: 2_000, lights: { ADT: 'off', LAB: 'off' } },
        { at: 9_000, lights: { ADT: 'off', LAB: 'off' } },
      ],
    ],
    [
      'its state is not known',
      [
        { at: 0, lights: on },
        { at: 1_000, lights: { ADT: 'on', LAB: 'unknown' } },
        { at: settled, lights: { ADT: 'on', LAB: 'unknown' } },
      ],
    ],
  ])('%s', (_why, looks) => {
    expect(follow(looks)).toEqual([]);
  });
});
