import type { MemberSnapshot } from '../../agent-api/member-snapshot.ts';
import { formatSpan } from '../../fleet/age.ts';
import { failed, ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { overActive, overSsh, preflightFreshMs } from '../look.ts';
import { agoMs, silenceOf, type ClusterScene } from '../scene.ts';

const engine = {
  section: 'engine',
  stage: 'infrastructure',
  requires: 'instances',
  protects: ['failover', 'no-loss'],
  every: 'always',
  place: 'cluster',
} as const;

/** The engines and what they need on both servers. */
export const engineChecks: readonly CheckDefinition[] = [
  {
    ...engine,
    id: 'E01',
    title: 'The engine is found and answers, and its version is known',
    why: 'Everything that is said of components and queues comes through its API.',
    remedy: 'Look into the log of the engine; check its port in the site document.',
    how: { by: 'agent', cluster: (scene) => overActive(scene, judgeApi) },
  },
  {
    ...engine,
    id: 'E02',
    title: 'Both engines have one version',
    why: 'An older engine may not read queues that a newer one has written.',
    protects: ['failover', 'position'],
    remedy: 'Compare both in their Settings, About page, and upgrade the older one.',
    every: 'after each upgrade of an engine',
    how: { by: 'agent', cluster: judgeVersions },
  },
  {
    ...engine,
    id: 'E03',
    title: 'Each server has a licence file for its engines',
    why: 'Components over the licence do not start after a failover. How many it covers only the engine knows; E05 sees which did not start.',
    remedy: 'Put the licence of that server in place; it must cover all clusters at once.',
    every: 'monthly',
    how: overSsh(['engine-licence']),
  },
  {
    ...engine,
    id: 'E04',
    title: 'Nothing but the agent starts the engine',
    why: 'A second starter can bring up the engine on the wrong server.',
    protects: ['no-loss', 'order'],
    remedy: 'Disable its autostart, and take it out of cron, start scripts and other cluster software.',
    every: 'monthly, and after each change of a server',
    how: overSsh(['engine-autostart', 'engine-starters', 'engine-managers', 'engine-others']),
  },
  {
    ...engine,
    id: 'E05',
    title: 'Every component that should run is on',
    why: 'A component that a person has switched off stays off when the cluster moves.',
    remedy: 'Switch it on, or leave it if it is meant so and snooze this with the reason.',
    how: { by: 'agent', cluster: (scene) => overActive(scene, judgeComponents) },
  },
  {
    ...engine,
    id: 'E06',
    title: 'Working and log directory are as the site says',
    why: 'An engine with another directory starts with other queues.',
    protects: ['no-loss', 'position'],
    remedy: 'Correct the working directory of the engine, or the site document.',
    every: 'monthly',
    how: overSsh(['engine-directory', 'engine-service']),
  },
  {
    ...engine,
    id: 'E07',
    title: 'The engine stops within the time that the preset gives it',
    why: 'An engine that takes longer is killed in an emergency.',
    protects: ['failover', 'order'],
    stage: 'behaviour',
    remedy: 'Choose a preset with a longer K, or find out what keeps the engine from stopping.',
    every: 'after each move',
    place: 'move',
    how: { by: 'agent', member: judgeStop },
  },
  {
    ...engine,
    id: 'E08',
    title: 'The agent’s account at the engine works',
    why: 'Without it a running engine cannot be told from a working one.',
    remedy: 'Set its password again in the engine, and install the site again.',
    how: { by: 'agent', cluster: (scene) => overActive(scene, judgeAccount) },
  },
  {
    ...engine,
    id: 'E09',
    title: 'No component is in error and the engine has no trouble',
    why: 'Messages of a component in error wait, wherever the cluster is Active.',
    protects: ['no-loss'],
    remedy: 'Open the engine and look at its log.',
    how: { by: 'agent', cluster: (scene) => overActive(scene, judgeErrors) },
  },
  {
    ...engine,
    id: 'E10',
    title: 'Logs are kept longer than the longest outage planned for',
    why: 'What the engine has cleaned up cannot be sent again.',
    protects: ['no-loss', 'position'],
    stage: 'behaviour',
    remedy: 'Compare the retention in the engine’s settings with the longest planned outage.',
    every: 'once a year',
    how: { by: 'person', asks: 'cluster', validDays: 365 },
  },
  {
    ...engine,
    id: 'E11',
    title: 'Secrets, certificates, drivers and hosts entries are on both servers',
    why: 'A connection that works on one server only breaks at the failover.',
    remedy: 'Compare key stores, ODBC and JDBC drivers and /etc/hosts of both servers.',
    every: 'at each new interface',
    how: { by: 'person', asks: 'cluster', validDays: 180 },
  },
  {
    ...engine,
    id: 'E12',
    title: 'Both servers reach every destination',
    why: 'Firewalls that know one server only hold messages back after a failover.',
    remedy: 'Try every destination from the Passive, or switch over in a maintenance window.',
    every: 'at each new interface',
    how: { by: 'person', asks: 'cluster', validDays: 180 },
  },
  {
    ...engine,
    id: 'E13',
    title: 'Senders try again for longer than the worst recovery time',
    why: 'A sender that gives up earlier loses its message, whatever the cluster does.',
    protects: ['no-loss'],
    stage: 'behaviour',
    remedy:
      'Set senders to try again for at least ten minutes (10 s, 60 times is the default of the engine).',
    every: 'at each new interface',
    how: { by: 'person', asks: 'cluster', validDays: 365 },
  },
  {
    ...engine,
    id: 'E14',
    title: 'Both engines have the same configuration',
    why: 'After a failover the engine runs with what lies on the other server.',
    protects: ['failover', 'no-loss'],
    remedy: 'Compare it, and copy it from the Active: npm run site -- configuration FILE.',
    every: 'after each change of an interface',
    how: overSsh(['engine-configuration']),
  },
];

/** Components that fetch work by themselves. */
export const pollerChecks: readonly CheckDefinition[] = [
  {
    ...engine,
    id: 'P01',
    title: 'Every poller is known and marked',
    why: 'A poller that nobody has marked is not watched to run once only.',
    protects: ['no-loss', 'order'],
    stage: 'behaviour',
    remedy: 'Name the components that poll in the site document.',
    how: { by: 'agent', cluster: judgePollers },
  },
  {
    ...engine,
    id: 'P02',
    title: 'No poller runs on the Passive',
    why: 'Two pollers take the same file or row twice.',
    protects: ['order', 'no-loss'],
    stage: 'behaviour',
    remedy: 'Stop the engine on the Passive, and find out who started it.',
    how: { by: 'agent', member: judgePassiveStands },
  },
  {
    ...engine,
    id: 'P03',
    title: 'Sources of pollers accept both servers',
    why: 'After a failover the poller comes from the other address.',
    stage: 'behaviour',
    remedy: 'Mount file shares on both servers, and let both into databases and FTP.',
    every: 'at each new poller',
    how: { by: 'person', asks: 'cluster', validDays: 180 },
  },
  {
    ...engine,
    id: 'P04',
    title: 'A poller that is stopped in the middle takes each file once',
    why: 'A file that is half read when the server dies is read again by the other one.',
    protects: ['no-loss', 'order'],
    stage: 'behaviour',
    remedy: 'Let pollers rename or move what they have taken before they work on it.',
    every: 'at each new poller',
    how: { by: 'person', asks: 'cluster', validDays: 365 },
  },
];

function judgeApi({ engine: { api } }: MemberSnapshot): Judged {
  if (api.value === null)
    return failed(`Its API does not answer: ${api.why ?? 'no reason given'}`, api.ageMs);
  const { version, answersInMs } = api.value;
  const answer = `answers in ${Math.round(answersInMs)} ms`;
  return version === null
    ? warning(`It ${answer}, and does not tell its version`, api.ageMs)
    : ok(`Version ${version}, ${answer}`, api.ageMs);
}

function judgeVersions(scene: ClusterScene): Judged {
  const told = scene.sight.members.flatMap((member) => {
    const version = member.snapshot?.engine.api.value?.version ?? null;
    return version === null || silenceOf(member) !== null
      ? []
      : [{ name: member.name, version, ageMs: null }];
  });
  const { preflight } = scene.site;
  const kept = (preflight?.checks ?? [])
    .filter(
      ({ id, verdict, what }) =>
        id === 'engine-version' && verdict === 'ok' && what.endsWith(` ${scene.document.id}`),
    )
    // What was seen long ago may have been upgraded since.
    .filter(({ wallTime }) => agoMs(scene.site, wallTime ?? preflight!.wallTime) <= preflightFreshMs)
    .map(({ subject, finding, wallTime }) => ({
      name: subject,
      version: finding.replace(/^it says /, ''),
      ageMs: agoMs(scene.site, wallTime ?? preflight!.wallTime),
    }));
  const all = [...told, ...kept.filter(({ name }) => !told.some((one) => one.name === name))];
  const words = all
    .map(({ name, version, ageMs }) =>
      ageMs === null
        ? `${name} ${version}`
        : `${name} ${version}, looked at over SSH ${formatSpan(ageMs)} ago`,
    )
    .join(', ');
  const oldestMs = Math.max(-1, ...all.map(({ ageMs }) => ageMs ?? -1));
  if (all.length < scene.sight.members.length) {
    const seen = words === '' ? 'No engine has told its version' : `Only ${words}`;
    return unknown(
      `${seen}; an engine that is stopped tells none`,
      'Switch over once, or compare both in their Settings, About page.',
    );
  }
  return new Set(all.map(({ version }) => version)).size === 1
    ? ok(words, oldestMs < 0 ? null : oldestMs)
    : failed(words);
}

function judgeComponents({ engine: { components }, evidence }: MemberSnapshot): Judged {
  const { value, why, ageMs } = components;
  if (value === null) return unknown(`The engine has not told its components: ${why ?? 'no reason given'}`);
  const left = evidence?.ledger.leftOff ?? [];
  const told = `${value.on} of ${value.total} are on`;
  if (left.length > 0) return warning(`${told}; left off by a person: ${left.join(', ')}`, ageMs);
  return value.on === value.total ? ok(told, ageMs) : warning(told, ageMs);
}

function judgeStop({ engine: { lastStopMs, lastStartMs }, timing, serverName }: MemberSnapshot): Judged {
  if (lastStopMs === null) {
    return unknown(
      `The engine on ${serverName} was never seen to stop`,
      'Switch over once: that measures it.',
    );
  }
  const start = lastStartMs === null ? '' : `, started in ${formatSpan(lastStartMs)}`;
  const told = `${serverName}: stopped in ${formatSpan(lastStopMs)}${start}, K ${timing.K} s`;
  return lastStopMs <= timing.K * 1000 ? ok(told) : warning(told);
}

function judgeAccount({ evidence, engine: { api } }: MemberSnapshot): Judged {
  const refused = (evidence?.troubles ?? []).find(({ code }) =>
    ['password-unreadable', 'login-refused'].includes(code),
  );
  if (refused) return failed(refused.sentence, api.ageMs, refused.next);
  return api.value === null
    ? unknown(`Its API does not answer: ${api.why ?? 'no reason given'}`)
    : ok('It is signed in and gets answers', api.ageMs);
}

function judgeErrors({ engine: { components }, evidence }: MemberSnapshot): Judged {
  const troubles = evidence?.troubles ?? [];
  const next = troubles.map((trouble) => trouble.next).join(' ');
  if (troubles.length > 0)
    return failed(troubles.map(({ sentence }) => sentence).join(' '), components.ageMs, next);
  if (components.value === null)
    return unknown(`The engine has not told its components: ${components.why ?? 'no reason given'}`);
  const { inError, total } = components.value;
  return inError === 0
    ? ok(`None of ${total} components`, components.ageMs)
    : warning(`${inError} of ${total} components are in error`, components.ageMs);
}

function judgePollers(scene: ClusterScene): Judged {
  const { pollers: named } = scene.document;
  if (named.length === 0) {
    return warning('The site document names none; make sure that there is none');
  }
  return overActive(scene, ({ engine: { pollers } }) => {
    if (pollers.value === null)
      return unknown(`The engine has not told of them: ${pollers.why ?? 'no reason given'}`);
    const { on, total } = pollers.value;
    const told = `${named.join(', ')}: ${on} of ${total} on`;
    if (total < named.length) return failed(`${told}; the engine does not have all of them`, pollers.ageMs);
    return on === total ? ok(told, pollers.ageMs) : warning(told, pollers.ageMs);
  });
}

function judgePassiveStands({ role, engine: { process }, serverName }: MemberSnapshot): Judged {
  if (role.observed === 'active') return ok(`${serverName} is the Active`);
  if (process.value === null) {
    return unknown(
      `Whether the engine on ${serverName} runs is not known: ${process.why ?? 'no reason given'}`,
    );
  }
  return process.value === 'stopped'
    ? ok(`The engine on ${serverName} is stopped`, process.ageMs)
    : failed(`The engine on ${serverName} is ${process.value} although it is not Active`, process.ageMs);
}
