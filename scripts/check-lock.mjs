// Checks package-lock.json: complete for every platform, and every dependency pinned to one version.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingSiblings, unpinned } from './lib/lock-file.mjs';
import { projectFolder } from './lib/project.mjs';

const read = (name) => JSON.parse(readFileSync(join(projectFolder, name), 'utf8'));
const faults = [...missingSiblings(read('package-lock.json')), ...unpinned(read('package.json'))];
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'the lock is complete' : `${faults.length} faults in the lock`);
process.exitCode = faults.length === 0 ? 0 : 1;
