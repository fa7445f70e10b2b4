import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  agentUnit,
  fillTemplate,
  gateDropIn,
  guardUnit,
  witnessUnitText,
} from '../../../../electron/host/install/unit-templates.ts';
import { realTemplates } from './install-samples.ts';

const templates = realTemplates();

describe('unit templates', () => {
  it.each([
    ['ixha-agent@.service', agentUnit(templates)],
    ['ixha-guard-1@.service', guardUnit(templates, 1)],
    ['ixha-guard-2@.service', guardUnit(templates, 2)],
    ['ixha-witness.service', witnessUnitText(templates)],
    ['50-ixha-gate.conf', gateDropIn(templates, 'WK1', 400)],
  ])('fill to the golden %s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name}`);
  });

  it('leave the shell variables of the guard to the service manager', () => {
    expect(guardUnit(templates, 1)).toContain('${D_MS} cgroup ${ENGINE_UNIT}');
  });

  it('refuse a place without a value and a value without a place', () => {
    expect(() => fillTemplate('{{a}}', {})).toThrow('no value for a');
    expect(() => fillTemplate('', { a: '1' })).toThrow('does not use a');
  });

  const hasSystemdAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasSystemdAnalyze)('use no name that the service manager does not know', () => {
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...goldenUnits()], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => /Unknown|Invalid|Failed to parse/i.test(line))).toEqual([]);
  });
});

function goldenUnits(): string[] {
  const folder = `${import.meta.dirname}/golden`;
  return [
    `${folder}/ixha-agent@.service`,
    `${folder}/ixha-guard-1@.service`,
    `${folder}/ixha-witness.service`,
  ];
}
