import { describe, expect, it } from 'vitest';
import type { PeerFrame } from '../../../shared/agent-api/peer-frames.ts';
import { PeerLink, type PeerStatus } from '../../../agent/member/peer-link.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MemberConfig } from '../../../shared/site/member-config.ts';

const status: PeerStatus = {
  role: 'active',
  wanted: 'active',
  epoch: 4,
  engineRunning: true,
  blockers: [],
  operation: null,
};

/** A member whose own connection to its peer never comes about. */
function openLink() {
  let nowMs = 1_000;
  let changes = 0;
  const beats: string[] = [];
  const unused = () => {
    throw new Error('not part of this test');
  };
  const link = new PeerLink({
    config: {
      siteId: 's',
      cluster: 'WK1',
      timing: timingPresets.fast,
      peer: { server: 'south', serverName: 'ig-south', address: '10.0.0.2', port: 7670 },
    } as MemberConfig,
    dial: () => ({ isOpen: () => false, send: () => undefined, terminate: () => undefined }),
    clock: { bootMs: () => nowMs, wallTime: () => '' },
    timers: systemTimers,
    own: () => ({ ...status, role: 'passive', wanted: 'passive', engineRunning: false }),
    onBeat: ({ role }) => beats.push(role),
    onChange: () => (changes += 1),
    onLedger: unused,
    onPinStore: unused,
    onPeerMode: unused,
    onMaintenance: unused,
  });
  let hear: (data: Buffer) => void = unused;
  link.serve({
    on: (_event, listener) => (hear = listener),
    send: () => undefined,
    close: () => undefined,
  });
  const beat: PeerFrame = { type: 'beat', n: 1, ...status };
  return {
    link,
    hearBeat: () => hear(Buffer.from(JSON.stringify(beat))),
    told: () => ({ beats, changes }),
    seen: (afterMs = 0) => link.facts((nowMs += afterMs)),
  };
}

describe('a peer that answers nothing', () => {
  it('is heard all the same while its own beats arrive, and not for longer', () => {
    const { link, hearBeat, seen } = openLink();
    expect(seen()).toMatchObject({ reachable: false, heard: false, heardMs: null });
    hearBeat();
    expect(seen(1_500)).toMatchObject({
      reachable: false,
      answeredMs: null,
      heard: true,
      heardMs: 1_500,
      status: { role: 'active', epoch: 4, engineRunning: true },
    });
    expect(seen(1)).toMatchObject({ heard: false, heardMs: 1_501 });
    link.close();
  });

  it('is told on with each beat, and as news when it says something else', () => {
    const { link, hearBeat, told } = openLink();
    hearBeat();
    hearBeat();
    expect(told()).toEqual({ beats: ['active', 'active'], changes: 1 });
    link.close();
  });
});
