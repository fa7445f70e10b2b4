import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { guarantees, readinessSections } from '../../shared/readiness/check.ts';
import { readinessChecks } from '../../shared/readiness/checks/all.ts';
import { ReadinessReport } from '../../shared/readiness/report.ts';
import { VerificationReport } from '../../shared/verification/verification-report.ts';

const docs = join(import.meta.dirname, '../../docs');
const begin = '<!-- checks: generated from shared/readiness/checks -->';
const end = '<!-- end of checks -->';

/** docs/readiness.md, with its list of checks made anew. */
export function readinessDocument(): { path: string; text: string } {
  const path = join(docs, 'readiness.md');
  const [before = '', rest = ''] = readFileSync(path, 'utf8').split(begin);
  const after = rest.split(end)[1] ?? '';
  return { path, text: `${before}${begin}\n\n${checkTables()}\n\n${end}${after}` };
}

/** docs/schemas/readiness.schema.json, made from the schema that reports are read by. */
export function readinessSchema(): { path: string; text: string } {
  const schema = { title: 'Readiness report', ...z.toJSONSchema(ReadinessReport) };
  return { path: join(docs, 'schemas/readiness.schema.json'), text: `${JSON.stringify(schema, null, 2)}\n` };
}

/** docs/schemas/verification.schema.json, likewise. */
export function verificationSchema(): { path: string; text: string } {
  const schema = { title: 'Report of a verified move', ...z.toJSONSchema(VerificationReport) };
  const path = join(docs, 'schemas/verification.schema.json');
  return { path, text: `${JSON.stringify(schema, null, 2)}\n` };
}

function checkTables(): string {
  return Object.entries(readinessSections)
    .map(([section, title]) => {
      const rows = readinessChecks
        .filter((check) => check.section === section)
        .map(({ id, title: wanted, how, every, protects }) => {
          const protectsWords = protects.map((one) => guarantees[one]).join('; ');
          return `| ${id} | ${wanted} | ${how.by} | ${every} | ${protectsWords} |`;
        });
      return [
        `### ${title}`,
        '',
        '| id | check | seen by | how often | protects |',
        '| - | - | - | - | - |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

if (process.argv.includes('--write')) {
  for (const { path, text } of [readinessDocument(), readinessSchema(), verificationSchema()])
    writeFileSync(path, text);
}
