// `npm run demo -- VERB …`: breaks and heals the running demo site from the command line, as its screen does.
// Plain Node ≥ 20.19 without any package. Finds the demo that this user started last, or the one of `--profile DIR`.
import { answerWithoutRunning, nearest, readCommandLine } from './lib/command-line.mjs';
import { demoOfProfile, runningDemos } from './lib/running-demos.mjs';

/** @type {import('./lib/command-line.mjs').Spec} */
const spec = {
  usage: 'npm run demo -- VERB [options]',
  about: 'Breaks and heals the running demo site, as its screen does.',
  words: [
    { name: 'status', does: 'faults in force, balancer and traffic' },
    { name: 'kill-server SERVER', does: 'power cut: link first, then every process' },
    { name: 'kill-engine SERVER CLUSTER', does: 'SIGKILL the engine' },
    { name: 'freeze-agent SERVER CLUSTER', does: 'SIGSTOP the agent' },
    { name: 'cut-link SERVER OTHER', does: 'silence between two servers, both ways' },
    { name: 'stop-witness', does: 'SIGKILL the lease store' },
    { name: 'lose-store', does: 'it runs again with an empty disk; no healing brings back what it knew' },
    { name: 'heal', does: 'end every fault and boot what was killed' },
  ],
  options: [{ flag: '--profile DIR', does: 'another demo than the one started last' }],
  notes: ['Servers: ig-north, ig-south, ig-witness. Clusters: WK1, WK2.'],
};

/** Verbs that inject a fault, with the fields that their arguments fill. */
const faults = {
  'kill-server': ['server'],
  'kill-engine': ['server', 'cluster'],
  'freeze-agent': ['server', 'cluster'],
  'cut-link': ['server', 'other'],
  'stop-witness': [],
  'lose-store': [],
};
const answerLimitMs = 30_000;

const read = readCommandLine(spec, process.argv.slice(2));
process.exitCode = answerWithoutRunning(read) ?? (read.kind === 'run' ? await run(read) : 2);

/** @param {{ values: Record<string, any>, words: string[] }} read */
async function run({ values, words }) {
  const [verb, ...args] = words;
  const request = verb === undefined ? undefined : requestFor(verb, args);
  if (request === undefined) {
    console.error(`${misuse(verb, args)}\n  Next: see what there is: npm run demo -- --help`);
    return 2;
  }
  const demo = values.profile === undefined ? runningDemos()[0] : demoOfProfile(values.profile);
  if (demo === undefined) return refuse(nobody(values.profile));
  const answer = await ask(demo, request);
  if (answer === undefined)
    return refuse(`The demo site of ${demo.profile} does not answer; it has probably ended.`);
  if (answer.status !== 200) return refuse(errorText(answer.body));
  console.log(verb === 'status' ? statusText(answer.body) : verb === 'heal' ? 'Healed.' : 'Done.');
  return 0;
}

function misuse(verb, args) {
  const verbs = spec.words?.map(({ name }) => name) ?? [];
  const known = verbs.find((name) => name.split(' ')[0] === verb);
  if (verb === undefined) return 'What to do is missing.';
  if (known) return `${verb} is called as "${known}", and ${args.length} words came after it.`;
  const near = nearest(
    verb,
    verbs.map((name) => name.split(' ')[0]),
  );
  return `There is no verb ${verb}.${near ? ` Did you mean ${near}?` : ''}`;
}

function nobody(profile) {
  const where = profile === undefined ? 'No demo site of yours is running.' : `No demo runs in ${profile}.`;
  return `${where}\n  Next: start one with: npm start`;
}

function requestFor(verb, args) {
  if (verb === 'status' && args.length === 0) return { method: 'GET', path: '/status' };
  if (verb === 'heal' && args.length === 0) return { method: 'POST', path: '/heal' };
  if (!Object.hasOwn(faults, verb) || args.length !== faults[verb].length) return undefined;
  const named = Object.fromEntries(faults[verb].map((field, index) => [field, args[index]]));
  return {
    method: 'POST',
    path: '/inject',
    body: { kind: verb, server: null, cluster: null, other: null, ...named },
  };
}

/**
 * @param {{ url: string, token: string }} demo
 * @param {{ method: string, path: string, body?: object }} request
 * @returns {Promise<{ status: number, body: any } | undefined>} undefined: nobody answers
 */
async function ask({ url, token }, { method, path, body }) {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(answerLimitMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}

function errorText({ error }) {
  if (typeof error === 'string') return error;
  return [error.message, error.meaning, `Next: ${error.next}`, ...(error.details ?? [])].join('\n');
}

function statusText({ profile, clusters, faults: inForce, balancer, traffic }) {
  const lines = clusters.map(({ id, title }) => {
    const view = balancer?.find(({ cluster }) => cluster === id);
    const counters = traffic?.find(({ cluster }) => cluster === id);
    const to = view === undefined ? 'balancer not known' : `balancer sends to ${view.sendsTo ?? 'nobody'}`;
    const flow =
      counters === undefined
        ? 'traffic not known'
        : `${counters.perSecond}/s, ${counters.lost} lost, ${counters.outOfOrder} out of order, ` +
          `longest gap ${(counters.longestGapMs / 1000).toFixed(1)} s`;
    return `${id}  ${title}: ${to}; ${flow}`;
  });
  const broken = inForce.map(({ kind, server, cluster, other, sinceMs }) => {
    const what = [kind, server, cluster, other].filter((part) => part !== null).join(' ');
    return `Fault: ${what}, since ${(sinceMs / 1000).toFixed(0)} s`;
  });
  return [...lines, ...(broken.length > 0 ? broken : ['No fault is in force.']), `Profile: ${profile}`].join(
    '\n',
  );
}

function refuse(sentence) {
  console.error(sentence);
  return 1;
}
