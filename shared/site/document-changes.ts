import type { SiteDocument } from './site-document.ts';

/** Every field that differs between two site documents, as `field: old → new`, in the order of the newer one. Pure. */
export function documentChanges(before: SiteDocument, after: SiteDocument): string[] {
  const [old, fresh] = [documentFields(before), documentFields(after)];
  const names = [...new Set([...fresh.keys(), ...old.keys()])];
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    return was === is ? [] : [`${name}: ${was ?? 'absent'} → ${is ?? 'absent'}`];
  });
}

/** Every field of a site document by its path, as JSON. Pure. */
export function documentFields(document: SiteDocument): Map<string, string> {
  return fieldsOf(document);
}

/** Leaves of a document by their path; what is in a list goes by its id, server or name where it has one. */
function fieldsOf(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return into.set(path, JSON.stringify(value));
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item, index): [string, unknown] => [nameOf(item) ?? String(index + 1), item])
    : Object.entries(value);
  if (entries.length === 0) into.set(path, Array.isArray(value) ? '[]' : '{}');
  for (const [key, item] of entries) {
    if (item !== undefined) fieldsOf(item, path === '' ? key : `${path}.${key}`, into);
  }
  return into;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const named = item as { readonly id?: unknown; readonly server?: unknown; readonly name?: unknown };
  return [named.id, named.server, named.name].find((one) => typeof one === 'string');
}
