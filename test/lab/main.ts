import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeFaultTable } from './fault-table.ts';
import { writeHistories } from './histories.ts';
import { faultCommands, type FaultCommand } from './fault-commands.ts';
import { labDown, labStatus, labUp, labWipe } from './hosts/lab.ts';
import { isHostName, labLayout, type LabLayout } from './hosts/layout.ts';
import { missing } from './hosts/prerequisites.ts';
import { sshArguments } from './hosts/ssh.ts';
import { checkHosts, runScenarios } from './run.ts';
import { proveSetup } from './setup-proof.ts';
import { proveAdministrators } from './administrators-proof.ts';
import { proveAdoption } from './adopt-proof.ts';
import { proveBadDays } from './bad-days-proof.ts';
import { proveLife } from './life-proof.ts';
import { proveMove } from './move-proof.ts';
import { proveReports } from './report-proof.ts';
import { proveRollback } from './rollback-proof.ts';
import { proveUpgrade } from './upgrade-proof.ts';
import { proveWizard } from './wizard/wizard-proof.ts';
import { scenarios } from './scenarios/all-scenarios.ts';

/** What is shown of the lab, or by it, apart from the scenarios. */
const proofs = {
  ...{ check: checkHosts, setup, upgrade, rollback, life, move, adopt, administrators, wizard, reports },
  'bad-days': badDays,
};

const usage = `A lab of real hosts on this machine (as root).

  up [HOST…]            build the image if needed and boot the hosts
  down                  remove everything except the hosts' disks and the image cache
  wipe                  down, and forget the hosts' disks
  status                which hosts are on
  check                 whether the lab itself does what scenarios rely on, on new hosts
  setup                 the host part of the setup from bare hosts, and its removal
  bad-days              installations that are refused or interrupted in every way, each from bare hosts
  wizard                the setup by clicking and typing in Chromium, then a power cut [--out FOLDER]
  upgrade               a site at work, from an older version to this one, then to one that does not work
  rollback              one server put back as it was: of a first installation, and of a site at work after an upgrade
  life                  a site at work: a support bundle, a repair of spoiled servers, renewed certificates
  move                  a site at work: its lease store to an etcd of one, another host, an etcd of three, and back
  adopt                 engines that run already: observed, armed with interruptions, observed and armed again
  administrators        a site at work: two workstations that change it, one after the other and at once
  reports               a site at work: a move verified, its readiness in every format [--out FOLDER]
  list                  the scenarios
  table [FILE…]         bring the table in docs/failover.md up to date from results.json; the last result counts
  histories FOLDER      tell the worst downtimes of a run in docs/histories.md, from its journals
  run NAME…|core|all    run scenarios on new hosts [--out FOLDER] [--keep] [--reuse]
  ssh HOST [COMMAND]    a shell on a host
${faultCommands.map(({ name, parameters, does }) => `  ${`${name} ${parameters}`.padEnd(21)} ${does}`).join('\n')}

--keep leaves the hosts running at the end, --reuse takes the site of such a run as it is.
LAB_ID=0..9 chooses the lab (side by side from one image cache), LAB the cache folder (/var/lib/lab).
`;

const { values, positionals } = readFlags();
const [command, ...words] = positionals;
process.exitCode = await main(labLayout(), command, words);

function readFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        keep: { type: 'boolean' },
        reuse: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    console.error(
      `${(cause as Error).message.split('. ')[0]}.\n  Next: see what there is: npm run lab -- --help`,
    );
    process.exit(2);
  }
}

async function main(lab: LabLayout, name: string | undefined, words: readonly string[]): Promise<number> {
  if (values.help || name === undefined) return say(usage, name === undefined && !values.help ? 2 : 0);
  if (name === 'list') return say(scenarios.map(line).join(''), 0);
  if (name === 'table') {
    writeFaultTable(scenarios, words);
    return 0;
  }
  if (name === 'histories') {
    const [folder] = words;
    if (folder === undefined) return say(usage, 2);
    writeHistories(scenarios, folder);
    return 0;
  }
  const lacking = await missing();
  if (lacking.length > 0) return say(`the lab needs: ${lacking.join('; ')}\n`, 3);
  switch (name) {
    case 'up':
      await labUp(lab, words.length > 0 ? words.filter(isHostName) : undefined, (text) =>
        say(`${text}\n`, 0),
      );
      return status(lab);
    case 'down':
      await labDown(lab);
      return 0;
    case 'wipe':
      await labWipe(lab);
      return 0;
    case 'status':
      return status(lab);
    case 'run':
      return runScenarios(lab, words, {
        out: values.out,
        keep: values.keep ?? false,
        reuse: values.reuse ?? false,
      });
    case 'ssh':
      return shell(lab, words);
    default:
      if (name in proofs) return proofs[name as keyof typeof proofs](lab);
      return fault(
        lab,
        faultCommands.find((one) => one.name === name),
        words,
      );
  }
}

function setup(lab: LabLayout): Promise<number> {
  return proof('setup', (tell) => proveSetup(lab, tell));
}

function badDays(lab: LabLayout): Promise<number> {
  return proof('bad-days', (tell) => proveBadDays(lab, tell));
}

function upgrade(lab: LabLayout): Promise<number> {
  return proof('upgrade', (tell) => proveUpgrade(lab, tell));
}

function rollback(lab: LabLayout): Promise<number> {
  return proof('rollback', (tell) => proveRollback(lab, tell));
}

function life(lab: LabLayout): Promise<number> {
  return proof('life', (tell) => proveLife(lab, tell));
}

function move(lab: LabLayout): Promise<number> {
  return proof('move', (tell) => proveMove(lab, tell));
}

function adopt(lab: LabLayout): Promise<number> {
  return proof('adopt', (tell) => proveAdoption(lab, tell));
}

function administrators(lab: LabLayout): Promise<number> {
  return proof('administrators', (tell) => proveAdministrators(lab, tell));
}

function reports(lab: LabLayout): Promise<number> {
  const out = values.out ?? 'test-results/reports';
  mkdirSync(out, { recursive: true });
  return proof('reports', (tell) => proveReports(lab, out, tell));
}

function wizard(lab: LabLayout): Promise<number> {
  return proof('wizard', (tell) => proveWizard(lab, { out: values.out ?? 'test-results/wizard', tell }));
}

/** Tells how far a proof got, and its outcome as the last line. */
async function proof(name: string, prove: (tell: (line: string) => void) => Promise<void>): Promise<number> {
  try {
    await prove((text) => say(`${text}\n`, 0));
    return say(`${name}: 1 passed, 0 failed\n`, 0);
  } catch (error) {
    return say(`${(error as Error).message}\n${name}: 0 passed, 1 failed\n`, 1);
  }
}

async function fault(
  lab: LabLayout,
  found: FaultCommand | undefined,
  words: readonly string[],
): Promise<number> {
  if (!found) return say(usage, 2);
  await found.carryOut(lab, words);
  return 0;
}

function shell(lab: LabLayout, [host, ...command]: readonly string[]): number {
  if (!host || !isHostName(host)) return say(usage, 2);
  return spawnSync('ssh', [...sshArguments(lab, host), ...command], { stdio: 'inherit' }).status ?? 1;
}

function status(lab: LabLayout): number {
  const rows = labStatus(lab).map(
    ({ host, address, on, processes }) =>
      `${host.padEnd(6)} ${address}  ${on ? `on, ${processes} processes` : 'off'}\n`,
  );
  return say(rows.join(''), 0);
}

function line({ name, fault, does }: (typeof scenarios)[number]): string {
  return `${name.padEnd(28)} ${String(fault ?? '–').padStart(3)}  ${does}\n`;
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
