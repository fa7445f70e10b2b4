import { beforeEach, describe, expect, it } from 'vitest';
import { acceptRehearsal } from '../../../agent/member/accept-rehearsal.ts';
import { rehearseVerb, type Command } from '../../../shared/agent-api/agent-api.ts';
import type { MemberFacts } from '../../../shared/failover/member-facts.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { activeFacts, passiveFacts } from '../failover/sample-facts.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: nothing is cut for a drill where that could do harm. Method: facts of one member, and what is asked of it. */
let member: ReturnType<typeof fakeMember>;
beforeEach(() => {
  member = fakeMember(timingPresets.lan);
  member.parts.memory.update({ operation: null });
});

const command = (change: Partial<Command> = {}): Command => ({
  ...{ verb: rehearseVerb, cluster: 'WK1', target: 'north', epoch: 5, reason: 'drill' },
  ...{ idempotencyKey: 'drill-12345', rehearsal: 'cut-off', cutSeconds: 30 },
  ...change,
});
const asked = (change: Partial<Command> = {}, facts: MemberFacts = activeFacts()) =>
  acceptRehearsal(member.parts, facts, command(change), 'a person');

describe('a way that is to be cut for a drill', () => {
  it('is cut on an Active that could fail over, for the time that was said', () => {
    expect(asked()).toMatchObject({ accepted: true });
    expect([member.parts.cuts.isCut('store'), member.parts.cuts.isCut('peer')]).toEqual([true, true]);
    expect(member.told.join()).toMatch(/for 30 s on ig-north.*accepted/);
  });

  it('is the lease store alone where only that is asked for', () => {
    expect(asked({ rehearsal: 'cut-store' })).toMatchObject({ accepted: true });
    expect([member.parts.cuts.isCut('store'), member.parts.cuts.isCut('peer')]).toEqual([true, false]);
  });

  it('is refused without a time, beside another one, under another epoch, and on a member that is not Active', () => {
    expect(asked({ cutSeconds: undefined })).toMatchObject({ error: { code: 'request.invalid' } });
    expect(asked({ epoch: 4 })).toMatchObject({ error: { code: 'command.revision' } });
    expect(asked({}, passiveFacts())).toMatchObject({ error: { code: 'command.not-active' } });
    const unfit = activeFacts({ peer: { reachable: false, blockers: null } });
    expect(asked({}, unfit)).toMatchObject({ error: { code: 'command.refused' } });
    expect(member.parts.cuts.any()).toBe(false);
    expect(asked()).toMatchObject({ accepted: true });
    expect(asked({ idempotencyKey: 'drill-67890' })).toMatchObject({ error: { code: 'command.refused' } });
  });

  it('is cut once, however often it is asked for', () => {
    expect(asked()).toEqual(asked());
  });
});
