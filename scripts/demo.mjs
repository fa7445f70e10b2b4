// `npm run demo -- VERB …`: breaks and heals the running demo site from the command line, as its screen does.
// Plain Node ≥ 20.19 without any package. Finds the demo that this user started last, or the one of `--profile DIR`.
import { readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const usage = `Usage: npm run demo -- VERB
  status                        faults in force, balancer and traffic
  kill-server SERVER            power cut: link first, then every process
  kill-engine SERVER CLUSTER    SIGKILL the engine
  freeze-agent SERVER CLUSTER   SIGSTOP the agent
  cut-link SERVER OTHER         silence between two servers, both ways
  stop-witness                  SIGKILL the lease store
  heal                          end every fault and boot what was killed
  --profile DIR                 another demo than the one started last
Servers: ig-north, ig-south, ig-witness. Clusters: WK1, WK2.`;

/** Verbs that inject a fault, with the fields that their arguments fill. */
const faults = {
  'kill-server': ['server'],
  'kill-engine': ['server', 'cluster'],
  'freeze-agent': ['server', 'cluster'],
  'cut-link': ['server', 'other'],
  'stop-witness': [],
};
const answerLimitMs = 30_000;

process.exitCode = await run(...withoutProfile(process.argv.slice(2)));

function withoutProfile(args) {
  const flag = args.indexOf('--profile');
  if (flag < 0) return [args, undefined];
  return [args.toSpliced(flag, 2), join(args[flag + 1] ?? '', 'demo.json')];
}

async function run([verb, ...args], controlFile) {
  if (verb === undefined || verb === 'help' || verb === '--help') {
    console.log(usage);
    return verb === undefined ? 64 : 0;
  }
  const request = requestFor(verb, args);
  if (request === undefined) {
    console.error(usage);
    return 64;
  }
  const demo = findDemo(controlFile);
  if (demo === undefined) return refuse('No demo site of yours is running. Start one with: npm start');
  const answer = await ask(demo, request);
  if (answer === undefined)
    return refuse('The demo site that was started last does not answer; it has probably ended.');
  if (answer.status !== 200) return refuse(errorText(answer.body));
  console.log(verb === 'status' ? statusText(answer.body) : verb === 'heal' ? 'Healed.' : 'Done.');
  return 0;
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

function findDemo(controlFile) {
  try {
    const pointer = join(tmpdir(), `ixha-demo-of-${userInfo().uid}`, 'current');
    return JSON.parse(readFileSync(controlFile ?? readFileSync(pointer, 'utf8').trim(), 'utf8'));
  } catch {
    return undefined;
  }
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
