// Checks README.md and docs/: every relative link leads somewhere, every named npm script exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks, unknownScripts } from './lib/doc-links.mjs';
import { projectFolder } from './lib/project.mjs';

const documents = readdirSync(join(projectFolder, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name.replaceAll('\\', '/')}`);
const scripts = Object.keys(JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')).scripts);
const faults = ['README.md', ...documents].flatMap((document) => {
  const text = readFileSync(join(projectFolder, document), 'utf8');
  const exists = (path) => existsSync(join(projectFolder, path));
  return [...brokenLinks(document, text, exists), ...unknownScripts(document, text, scripts)];
});
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? `${documents.length + 1} documents checked` : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
