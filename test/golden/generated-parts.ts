/** The text between `<!-- name -->` and `<!-- /name -->`. Throws when the markers are missing. */
export function partOf(document: string, name: string): string {
  const [start, end] = boundsOf(document, name);
  return document.slice(start, end);
}

/** The document with every named part made anew. */
export function withParts(document: string, parts: Readonly<Record<string, () => string>>): string {
  return Object.entries(parts).reduce((text, [name, make]) => {
    const [start, end] = boundsOf(text, name);
    return text.slice(0, start) + make() + text.slice(end);
  }, document);
}

function boundsOf(document: string, name: string): [number, number] {
  const open = `<!-- ${name} -->\n`;
  const start = document.indexOf(open) + open.length;
  const end = document.indexOf(`\n<!-- /${name} -->`);
  if (start < open.length || end < start) throw new Error(`the document has no part ${name}`);
  return [start, end];
}
