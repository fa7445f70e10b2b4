// Links between the documents: a document that names a file which is not there misleads its reader.
import { dirname, posix } from 'node:path';

/** `[text](target)` and images; targets in the web and places inside the same page are not ours to check. */
const link = /\]\(([^()\s]+)\)/g;

/**
 * @param {string} text a Markdown document
 * @returns {string[]} relative targets without their place in the page, outside of code
 */
export function relativeLinks(text) {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(link)]
    .map(([, target]) => target.split('#')[0])
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/**
 * @param {string} document path of the document in the project, with `/`
 * @param {string} text
 * @param {(path: string) => boolean} exists
 */
export function brokenLinks(document, text, exists) {
  return relativeLinks(text)
    .filter((target) => !exists(posix.join(dirname(document), decodeURIComponent(target))))
    .map((target) => `${document}: ${target} does not exist`);
}

/**
 * Scripts that a document tells its reader to run (`npm run NAME`) and that package.json does not have.
 * @param {string} document
 * @param {string} text
 * @param {string[]} scripts
 */
export function unknownScripts(document, text, scripts) {
  const named = [...text.matchAll(/npm run ([a-z][a-z-]*)/g)].map(([, name]) => name);
  return [...new Set(named)]
    .filter((name) => !scripts.includes(name))
    .map((name) => `${document}: there is no script "${name}"`);
}
