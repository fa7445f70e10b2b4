import { parseJson } from '../../shared/parse-json.ts';
import { allowText } from '../../shared/support/allowed-text.ts';
import { jsonFile, supportFile, type SupportFile } from '../../shared/support/support-material.ts';
import type { SupportScene } from './support-scene.ts';

const unitProperties = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'Result',
  'ExecMainCode',
  'ExecMainStatus',
  'NRestarts',
  'NeedDaemonReload',
  'ActiveEnterTimestampMonotonic',
  'InactiveEnterTimestampMonotonic',
  'MemoryCurrent',
  'TasksCurrent',
  'CPUUsageNSec',
];

/** State of units as the service manager tells it, property by property. */
export async function unitsPart(scene: SupportScene, units: readonly string[]): Promise<SupportFile[]> {
  const all = await Promise.all(
    units.map(async (unit) => {
      const told = await scene.run('systemctl', [
        'show',
        ...unitProperties.flatMap((name) => ['-p', name]),
        '--',
        unit,
      ]);
      return [unit, Object.fromEntries(told.split('\n').flatMap(propertyOf))] as const;
    }),
  );
  return [jsonFile('system/units.json', Object.fromEntries(all))];
}

function propertyOf(line: string): [string, string][] {
  const match = /^([A-Za-z]+)=([a-z-]{0,30}|\d{1,20})$/.exec(line);
  return match && unitProperties.includes(match[1]!) ? [[match[1]!, match[2]!]] : [];
}

const logLines = 4000;

/**
 * What a unit has written to the system's journal, each line let through word by word. Of an engine only what the
 * service manager itself says: an engine's own output may hold messages.
 */
export async function logPart(
  scene: SupportScene,
  unit: string,
  { ownOutput }: { readonly ownOutput: boolean },
): Promise<SupportFile[]> {
  const which = ownOutput ? ['-u', unit] : [`UNIT=${unit}`, '_PID=1'];
  const told = await scene.run('journalctl', [
    ...which,
    '-n',
    String(logLines),
    '-o',
    'json',
    '--no-pager',
    '-q',
  ]);
  const lines = told.split('\n').flatMap((line) => logLine(scene, parseJson(line)));
  return [supportFile(`logs/${unit}.jsonl`, lines.map((line) => `${line}\n`).join(''))];
}

function logLine({ allowed }: SupportScene, entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const field = (name: string) => (entry as Record<string, unknown>)[name];
  const microseconds = Number(field('__REALTIME_TIMESTAMP'));
  if (!Number.isFinite(microseconds)) return [];
  const message = field('MESSAGE');
  const line = {
    wallTime: new Date(microseconds / 1000).toISOString(),
    priority: Number(field('PRIORITY')) || null,
    pid: Number(field('_PID')) || null,
    message: typeof message === 'string' ? allowText(message.slice(0, 2000), allowed) : null,
  };
  return [JSON.stringify(line)];
}

const disk = /^\s*\d+\s+\d+\s+\d+\s+\d+%\s+\/[a-z]*$/;

/** Programs, versions, time, memory and disks of this machine. */
export async function machinePart(scene: SupportScene): Promise<SupportFile[]> {
  const { folders } = scene;
  const told = async (file: string, args: readonly string[], shape: RegExp) => {
    const output = await scene.run(file, args).catch((error: Error) => `not told: ${error.message}`);
    return output
      .split('\n')
      .filter((line) => shape.test(line))
      .slice(0, 40);
  };
  const read = (path: string, shape: RegExp) => {
    try {
      return scene
        .read(path)
        .split('\n')
        .filter((line) => shape.test(line))
        .slice(0, 40);
    } catch {
      return [];
    }
  };
  const facts = {
    system: read('/etc/os-release', /^(PRETTY_NAME|VERSION_ID|ID)="?[A-Za-z0-9 ./()_-]+"?$/),
    kernel: await told('uname', ['-srm'], /^Linux [0-9A-Za-z._+-]+ [a-z0-9_]+$/),
    systemd: await told('systemctl', ['--version'], /^systemd \d+/),
    uptime: read('/proc/uptime', /^[\d. ]+$/),
    memory: read('/proc/meminfo', /^(MemTotal|MemAvailable|SwapTotal|SwapFree):\s+\d+ kB$/),
    pressure: read('/proc/pressure/cpu', /^(some|full) [a-z0-9=. ]+$/),
    clock: await told(
      'timedatectl',
      ['show', '-p', 'NTPSynchronized', '-p', 'NTP', '-p', 'CanNTP'],
      /^[A-Za-z]+=(yes|no)$/,
    ),
    wallTime: new Date().toISOString(),
    // Without the device: that of a network share may name a user.
    disks: await told(
      'df',
      ['-k', '--output=size,used,avail,pcent,target', '/', '/var', '/usr', '/etc'],
      disk,
    ),
    versions: versionsIn(scene, folders.library),
  };
  return [jsonFile('system/machine.json', facts)];
}

/** `0.1.0-3f2a…`: the folders of the program, and which of them is used. */
function versionsIn(scene: SupportScene, library: string): string[] {
  try {
    return scene
      .list(library)
      .filter((name) => /^(\d+\.\d+\.\d+-[0-9a-f]{6,64}|current|previous)$/.test(name));
  } catch {
    return [];
  }
}
