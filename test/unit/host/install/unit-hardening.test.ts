import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMarks } from '../../../../electron/host/hardening/read-hardening.ts';
import { installedMarks } from '../../../../shared/servers/hardening.ts';

/** Goal: what is open to a unit is open for a reason that is written down. Method: `systemd-analyze` on the units. */
const units = [
  ['agent', 'ixha-agent@.service'],
  ['guards', 'ixha-guard-1@.service'],
  ['lease store', 'ixha-witness.service'],
] as const;
const told = readFileSync(join(import.meta.dirname, '../../../../docs/hardening.md'), 'utf8');
/** Marks and names differ between versions of systemd; the document is that of Debian 12. */
const measured = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout?.startsWith(
  'systemd 252',
);
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ixha-units-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function analyze(name: string, ...flags: string[]): string {
  const unit = join(folder, name.replace('@.', '@WK1.'));
  copyFileSync(join(import.meta.dirname, 'golden', name), unit);
  const argv = ['security', '--offline=true', '--no-pager', ...flags, unit];
  return spawnSync('systemd-analyze', argv, { encoding: 'utf8' }).stdout;
}

interface Judged {
  readonly name: string;
  readonly set: boolean;
  readonly exposure: string | null;
}

const rowsOfDocument = [...told.matchAll(/^\| `(.+?)`\s+\| (.+?)\s+\| (.+?)\s+\|$/gm)].map(
  ([, name, parts, why]) => ({ name: name!.replaceAll('\\|', '|'), parts: parts!, why: why! }),
);

describe.skipIf(!measured)('what units may do', () => {
  it.each(units)('is marked for the %s as the document says', (label, name) => {
    const mark = /Overall exposure level for \S+: ([\d.]+)/.exec(analyze(name))?.[1];
    expect(told).toMatch(new RegExp(`^\\| ${label}\\s+\\| ${mark}\\s+\\|$`, 'm'));
  });

  it.each(units)('is read for the %s as it is said', (label, name) => {
    const said = analyze(name).trimEnd().split('\n').at(-1)!;
    const unit = name.replace('@.', '@WK1.');
    const part = label === 'guards' ? 'guard' : label;
    const told = readMarks(`Unit=${unit}\nSaid=${said}`, [{ unit, part }]).units[0]!;
    expect(told).toMatchObject({ exposure: installedMarks[part], word: 'OK', why: null });
  });

  it.each(units)('is told with a reason for everything that is open to the %s', (label, name) => {
    const judged = JSON.parse(analyze(name, '--json=short')) as Judged[];
    const open = judged.filter(({ set, exposure }) => !set && exposure !== null);
    const documented = rowsOfDocument.filter(
      ({ parts, why }) => parts.split(', ').includes(label) && why.length > 20,
    );
    expect(documented.map((row) => row.name).toSorted()).toEqual(open.map((row) => row.name).toSorted());
  });
});
