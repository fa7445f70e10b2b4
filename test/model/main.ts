// `npm run model`: explores every configuration and breaks every rule once. `-- --large` adds the large ones,
// `-- --only NAME` runs one configuration, `-- --trace` prints every trace.
import { parseArgs } from 'node:util';
import { brokenRules } from './broken-rules.ts';
import { large, small } from './configurations.ts';
import { brokenPeerRules, secondLocks } from './peer/broken-rules.ts';
import { largePeer, smallPeer } from './peer/configurations.ts';
import { runBrokenPeer, runPeerConfiguration } from './peer/run.ts';
import {
  runBroken,
  runConfiguration,
  runRenewalPeriod,
  type BrokenResult,
  type ConfigurationResult,
} from './run.ts';

const maxStates = 2_000_000;
const { values: flags } = parseArgs({
  options: { large: { type: 'boolean' }, only: { type: 'string' }, trace: { type: 'boolean' } },
});

const wanted = (name: string) => flags.only === undefined || flags.only === name;
const configurations = (flags.large === true ? [...small, ...large] : small).filter(({ name }) =>
  wanted(name),
);
const peerConfigurations = (flags.large === true ? [...smallPeer, ...largePeer] : smallPeer).filter(
  ({ name }) => wanted(name),
);
const results: ConfigurationResult[] = [];
const broken: BrokenResult[] = [];
for (const configuration of configurations) tell(runConfiguration(configuration, maxStates));
for (const rule of brokenRules.filter(({ configuration }) => wanted(configuration)))
  tellBroken(runBroken(rule, maxStates));
if (wanted('renewal-period')) {
  const period = runRenewalPeriod();
  tell(period.kept);
  tellBroken(period.broken);
}
for (const configuration of peerConfigurations) tell(runPeerConfiguration(configuration, maxStates));
for (const rule of brokenPeerRules.filter(({ configuration }) => wanted(configuration)))
  tellBroken(runBrokenPeer(rule, maxStates));
for (const rule of secondLocks.filter(({ configuration }) => flags.large === true && wanted(configuration)))
  tellSecondLock(runBrokenPeer(rule, maxStates));

const states = results.reduce((sum, result) => sum + result.states, 0);
const violations = results.filter(({ violation }) => violation !== null).length;
const stuck = results.filter(({ worstTicks }) => worstTicks === null).length;
const caught = broken.filter(({ violation }) => violation !== null).length;
console.log(
  `model: ${results.length} configurations, ${states} states, ${violations} violations, ${stuck} without return; ` +
    `${caught} of ${broken.length} broken rules caught`,
);
process.exitCode = violations + stuck === 0 && caught === broken.length ? 0 : 1;

function tell(result: ConfigurationResult): void {
  results.push(result);
  const extent = result.complete ? 'all seen' : 'cut at the limit';
  const returns =
    result.worstTicks === null
      ? 'NO RETURN'
      : `${result.sampled} sampled, Active again within ${result.worstTicks} ticks`;
  const verdict = result.violation === null ? 'no violation' : `VIOLATION: ${result.violation.what}`;
  console.log(
    `${result.name.padEnd(18)}${String(result.states).padStart(8)} states, ${extent}; ${verdict}; ${returns}`,
  );
  if (result.violation !== null) print(result.violation.trace);
}

function tellBroken(result: BrokenResult): void {
  broken.push(result);
  const { rule, configuration, states: until, violation } = result;
  const verdict =
    violation === null ? 'NOT CAUGHT' : `caught: ${violation.what}, ${violation.trace.length} moves`;
  console.log(`without "${rule}" (${configuration}): ${verdict}, after ${until} states`);
  if (violation !== null && flags.trace === true) print(violation.trace);
}

/** Nothing is expected to be found; what is found belongs among the broken rules, and says so by being told. */
function tellSecondLock({ rule, configuration, states: seen, violation }: BrokenResult): void {
  const verdict = violation === null ? 'nothing found' : `FOUND: ${violation.what}`;
  console.log(`without "${rule}" (${configuration}): ${verdict}, ${seen} states`);
  if (violation !== null) print(violation.trace);
}

function print(trace: readonly string[]): void {
  trace.forEach((move, at) => console.log(`    ${String(at + 1).padStart(2)}. ${move}`));
}
