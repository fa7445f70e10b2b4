import { isDeepStrictEqual } from 'node:util';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { placesOf, serverPaths, witnessConfigPath } from '../install/server-paths.ts';
import type { WantedFile } from '../install/wanted-files.ts';
import type { Rollback } from './look-at-rollback.ts';

type Again = Extract<Rollback, { kind: 'again' }>;

/**
 * Whether what was kept is whole, belongs to the site document that was kept with it, and leaves every member in the mode
 * that it is in. It was kept of whatever lay there, also after somebody or an interruption had changed that. Pure.
 * Error: rollback.unsure.
 */
export function keptRefusals(look: Again): ProductError[] {
  const reasons = [...missing(look), ...notOfDocument(look), ...otherMode(look)];
  if (reasons.length === 0) return [];
  const said = `What ${look.work.wanted.server.name} keeps of before does not belong to one site document.`;
  const next = 'Install the site file of before: that puts every file in its place.';
  return [productError('rollback.unsure', said, reasons, next)];
}

/** Gates, units and configuration that the site of then has there, and that were not there when it was kept. */
function missing({ work: { wanted }, before }: Again): string[] {
  const needed = new Set([
    ...wanted.engines.map(({ gate }) => gate),
    ...wanted.files
      .filter(({ path, isUnit }) => isUnit || path.startsWith(`${serverPaths.configuration}/`))
      .map(({ path }) => path),
  ]);
  return before.removed
    .filter((path) => needed.has(path))
    .map((path) => `${path} would be removed, and its member needs it`);
}

/** What decides who may be Active, when, and on which data; other fields may differ from version to version. */
const decisive = 'siteId cluster server timing peer store storage mode listen clusters'.split(' ');

function notOfDocument({ work: { wanted }, before }: Again): string[] {
  const places = wanted.engines.map(({ cluster }) => placesOf(cluster));
  const paths = [
    ...places.flatMap(({ config, guardEnvironment }) => [config, guardEnvironment]),
    witnessConfigPath,
  ];
  return wanted.files
    .filter(({ path }) => paths.includes(path))
    .flatMap((file) => {
      const kept = before.kept.get(file.path);
      if (kept === undefined) return [`${file.path} was not kept`];
      return isAlike(kept, file) ? [] : [`${file.path} was not of the site configuration beside it`];
    });
}

function isAlike(kept: string, { path, source }: WantedFile): boolean {
  const text = source.kind === 'content' ? String(source.content) : '';
  if (!path.endsWith('.json')) return kept.trim() === text.trim();
  const [was, made] = [fieldsOf(kept), fieldsOf(text)];
  return decisive.every((name) => isDeepStrictEqual(was[name], made[name]));
}

function otherMode({ work: { wanted }, before }: Again): string[] {
  return wanted.engines.flatMap(({ cluster }) => {
    const { config } = placesOf(cluster);
    const [was, is] = [before.kept.get(config), before.now.get(config)];
    if (was === undefined || is === undefined || modeOf(was) === modeOf(is)) return [];
    return [`the member of ${cluster} would change from ${modeOf(is)} to ${modeOf(was)}`];
  });
}

function modeOf(text: string): string {
  const { mode } = fieldsOf(text);
  return typeof mode === 'string' ? mode : 'armed';
}

function fieldsOf(text: string): Record<string, unknown> {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
