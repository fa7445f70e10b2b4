import { loadavg, cpus } from 'node:os';
import { measureChange } from './agent-change.ts';
import { measureStart } from './first-picture.ts';
import type { Measured } from './measured.ts';

const benches: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
  start: measureStart,
  change: measureChange,
};

/** `npm run bench [-- NAME]`: measures and prints; nothing here passes or fails. */
async function main(): Promise<number> {
  const wanted = process.argv[2];
  if (wanted !== undefined && !Object.hasOwn(benches, wanted)) {
    console.error(`unknown bench ${wanted}; there are: ${Object.keys(benches).join(', ')}`);
    return 2;
  }
  console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);
  for (const name of wanted === undefined ? Object.keys(benches) : [wanted]) {
    for (const measured of (await benches[name]?.()) ?? []) console.log(line(measured));
  }
  return 0;
}

function line({ title, times }: Measured): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN);
  return `${title}: min ${at(0)}, median ${at(0.5)}, max ${at(1)} ms (n = ${sorted.length})`;
}

process.exit(await main());
