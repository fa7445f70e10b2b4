import { describe, expect, it } from 'vitest';
import { Command, rehearseVerb } from '../../../shared/agent-api/agent-api.ts';
import { ixhaVerbNames, readVerbs, verbCall, verbLines } from '../../../shared/command-line/ixha-verbs.ts';

describe('the verbs of ixha', () => {
  it('are what can be read, an acknowledgement and every command that an agent accepts, but a rehearsal: that is a part of a drill', () => {
    const accepted = Command.shape.verb.options.filter((verb) => verb !== rehearseVerb);
    expect([...ixhaVerbNames].sort()).toEqual([...readVerbs, 'acknowledge', ...accepted].sort());
  });

  it('all stand in the help, each on a line of its own', () => {
    const lines = verbLines().split('\n');
    for (const verb of ixhaVerbNames) {
      expect(lines.filter((line) => line.trim().split(/\s/)[0] === verb)).toHaveLength(1);
    }
  });

  it('are written as a person would type them', () => {
    expect(verbCall('status', { cluster: 'WK1' })).toBe('ixha status WK1');
    expect(verbCall('switchover', { cluster: 'WK1', to: 'ig-south', reason: 'patching' })).toBe(
      'ixha switchover WK1 --to ig-south --reason "patching"',
    );
    expect(verbCall('maintenance', { cluster: 'WK1', minutes: 45 })).toBe(
      'ixha maintenance WK1 --minutes 45 --reason "…"',
    );
  });

  it('keep a reason from being read by the shell', () => {
    expect(verbCall('failback', { cluster: 'WK1', reason: 'the "old" $HOME `id` \\' })).toBe(
      'ixha failback WK1 --reason "the \\"old\\" \\$HOME \\`id\\` \\\\"',
    );
  });
});
