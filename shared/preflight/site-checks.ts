import { capacityChecks } from './capacity-checks.ts';
import { clockDifference } from './clock-checks.ts';
import type { LookedServer } from './looked-server.ts';
import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import { neededWays } from './ways.ts';

type Seen = Pick<LookedServer, 'expected' | 'facts'>;
type Pair = readonly [LookedServer, LookedServer];

/** What only shows when servers are looked at side by side. Pure. */
export function siteChecks(looked: readonly LookedServer[]): PreflightCheck[] {
  const pairs = pairsOf(looked);
  const related = pairs.filter(belongTogether);
  const members = related.filter((pair) => pair.every(({ expected }) => expected.isMember));
  return [
    ...(looked.length > 1 ? machinesApart(pairs) : []),
    ...related.map((pair) => clockDifference(subjectOf(pair), pair[0].clock, pair[1].clock)),
    ...members.flatMap((pair) => [sameSystem(pair), sameMemory(pair)]),
    ...looked.flatMap((server) => capacityChecks(server, looked)),
    ...mountedNowhere(looked),
  ];
}

/** A new storage gets its mark from the installer, which needs it mounted on one server. */
function mountedNowhere(looked: readonly Seen[]): PreflightCheck[] {
  const governed = looked.flatMap(({ expected, facts }) =>
    expected.engines.flatMap(({ cluster, storage: { mountUnit, directory } }) =>
      mountUnit === undefined
        ? []
        : [{ cluster, mountUnit, isMount: facts.shares.get(directory)?.isMount === true }],
    ),
  );
  const nowhere = governed.filter(
    ({ cluster }) => !governed.some((other) => other.cluster === cluster && other.isMount),
  );
  return [...new Map(nowhere.map((one) => [one.cluster, one])).values()].map(({ cluster, mountUnit }) =>
    toLookAt(
      { id: 'storage-mark', subject: 'all servers', what: `mark of the storage of ${cluster}` },
      'it is mounted on no server now, so whether it carries its mark is not known',
      `If the storage is new, mount it on one member before you install (systemctl start '${mountUnit}'): the installer marks it.`,
    ),
  );
}

/** Servers that are one machine under two names: no site is installed on them. Pure. */
export function sameMachines(looked: readonly Seen[]): PreflightCheck[] {
  return pairsOf(looked)
    .flatMap((pair) => sameMachine(pair) ?? [])
    .filter(({ refusal }) => refusal !== null);
}

function pairsOf<Server>(looked: readonly Server[]): (readonly [Server, Server])[] {
  return looked.flatMap((one, index) => looked.slice(index + 1).map((other) => [one, other] as const));
}

/** Whether one has to reach the other: members of a cluster, and each with the witness and the balancer. */
function belongTogether([one, other]: Pair): boolean {
  return neededWays([one.expected, other.expected]).length > 0;
}

function subjectOf([one, other]: readonly [Seen, Seen]): string {
  return `${one.expected.server.name}, ${other.expected.server.name}`;
}

/** Two entries of the site that are one machine could not stand in for each other. */
function machinesApart(pairs: readonly Pair[]): PreflightCheck[] {
  const found = pairs.flatMap((pair) => sameMachine(pair) ?? []);
  const name = { id: 'same-machine', subject: 'all servers', what: 'machines' };
  return found.length > 0 ? found : [passed(name, 'every server is a machine of its own')];
}

function sameMachine(pair: readonly [Seen, Seen]): PreflightCheck | undefined {
  const [one, other] = pair.map(({ facts }) => facts.survey);
  const name = { id: 'same-machine', subject: subjectOf(pair), what: 'machines' };
  const { bootId, machineId } = one!;
  if (bootId !== undefined && bootId === other!.bootId) {
    const remedy = 'Give every server of the site a machine of its own.';
    return failedCheck(name, 'both are the same machine under two names', remedy, {
      evidence: [`boot ${bootId}`],
      refusal: { code: 'install.unsupported' },
    });
  }
  if (machineId === undefined || machineId !== other!.machineId) return undefined;
  const remedy = 'One is a clone of the other: give the clone its own /etc/machine-id.';
  return failedCheck(name, 'both have one machine id', remedy, { evidence: [`machine ${machineId}`] });
}

function sameSystem(pair: Pair): PreflightCheck {
  const name = { id: 'same-system', subject: subjectOf(pair), what: 'operating systems' };
  const [one, other] = pair.map(({ facts }) => facts.osName);
  if (one === other) return passed(name, `both have ${one}`);
  const remedy = 'Bring them to the same version, so that a failover changes nothing else.';
  return toLookAt(name, `${one} · ${other}`, remedy);
}

function sameMemory(pair: Pair): PreflightCheck {
  const name = { id: 'same-memory', subject: subjectOf(pair), what: 'memory of both' };
  const totals = pair.flatMap(({ facts }) => facts.survey.memoryMb?.total ?? []);
  const finding = totals.map((mb) => `${(mb / 1024).toFixed(1)} GB`).join(' · ');
  if (totals.length < 2) return unknownCheck(name, 'one could not be read', 'Look with: free -m');
  const uneven = Math.max(...totals) > 1.25 * Math.min(...totals);
  return uneven
    ? toLookAt(name, finding, 'The weaker one must carry everything after a failover.')
    : passed(name, finding);
}
