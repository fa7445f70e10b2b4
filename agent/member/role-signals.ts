import type { Fact, MemberFacts } from '../../shared/failover/member-facts.ts';
import type { RoleSignal, RoleSignalName } from '../../shared/role/assess-role.ts';
import type { OccupancyLook } from '../probes/engine-occupancy.ts';

/** Everything that says something about the role of this member, worded and with its age. */
export function roleSignals(
  f: MemberFacts,
  occupancy: Fact<OccupancyLook>,
  answersActive: boolean,
): RoleSignal[] {
  return [
    leaseSignal(f),
    processSignal(f),
    apiSignal(f),
    componentsSignal(f),
    ...occupancySignals(occupancy),
    said(
      'active-answer',
      answersActive ? 'active' : 'passive',
      `/active answers ${answersActive ? 200 : 503}`,
      0,
    ),
  ];
}

function leaseSignal(f: MemberFacts): RoleSignal {
  const held = f.lease.held || (f.inherited?.stopInMs ?? 0) > 0;
  return said('lease', held ? 'active' : 'passive', held ? 'it holds the lease' : 'it holds no lease', 0);
}

function processSignal({ engine: { process } }: MemberFacts): RoleSignal {
  switch (process.value) {
    case 'running':
      return said('process', 'active', 'the engine runs in its unit', process.ageMs);
    case 'stopped':
      return said('process', 'passive', 'the engine is stopped', process.ageMs);
    case 'starting':
    case 'stopping':
      return said('process', null, `the engine is ${process.value}`, process.ageMs);
    case null:
      return said('process', null, process.why ?? 'not looked at yet', process.ageMs);
  }
}

function apiSignal({ engine: { api, process } }: MemberFacts): RoleSignal {
  if (api.value === true) return said('api', 'active', 'its API answers', api.ageMs);
  if (process.value === 'stopped') return said('api', 'passive', 'its API is off with it', process.ageMs);
  if (api.value === null) return said('api', null, api.why ?? 'not asked yet', api.ageMs);
  return said('api', 'passive', api.why ?? 'its API does not answer', api.ageMs);
}

function componentsSignal({ engine: { components, process } }: MemberFacts): RoleSignal {
  const { value, ageMs } = components;
  if (value === null) {
    const off = process.value === 'stopped';
    return off
      ? said('components', 'passive', 'no component is on', process.ageMs)
      : said('components', null, components.why ?? 'its components are not known', ageMs);
  }
  return said(
    'components',
    value.on > 0 ? 'active' : 'passive',
    `${value.on} of ${value.total} components on`,
    ageMs,
  );
}

function occupancySignals({ value, ageMs, why }: Fact<OccupancyLook>): RoleSignal[] {
  if (value === null) {
    const text = why ?? 'not looked at yet';
    return (['listeners', 'journal', 'outsider'] as const).map((name) => said(name, null, text, ageMs));
  }
  const { ports, journalWriters, unit } = value.seen;
  const listeners = ports.filter(({ name }) => name !== 'API');
  const open = listeners.filter(({ listening }) => listening).length;
  const ours = unit === null ? null : journalWriters.some((pid) => unit.includes(pid));
  const outside = value.outsiders.map(({ sentence }) => sentence).join(', ');
  return [
    said(
      'listeners',
      listeners.length === 0 ? null : open > 0 ? 'active' : 'passive',
      `${open} of ${listeners.length} listeners open`,
      ageMs,
    ),
    said(
      'journal',
      ours === null ? null : ours ? 'active' : 'passive',
      ours === null
        ? 'the processes of its unit are not known'
        : `its unit has the journal ${ours ? 'open' : 'not open'} for writing`,
      ageMs,
    ),
    outside === ''
      ? said('outsider', 'passive', 'nobody beside its unit holds its ports', ageMs)
      : said('outsider', 'active', outside, ageMs),
  ];
}

function said(name: RoleSignalName, says: RoleSignal['says'], text: string, ageMs: number): RoleSignal {
  return { name, says, text, ageMs };
}
