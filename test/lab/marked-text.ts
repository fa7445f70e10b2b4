/** The text with what stands between two markers replaced; an error when it lacks one. Pure. */
export function replaceBetween(
  text: string,
  marks: { readonly begin: string; readonly end: string },
  between: string,
): string {
  const [before, rest] = split(text, marks.begin);
  const [, after] = split(rest, marks.end);
  return `${before}${marks.begin}\n${between}\n${marks.end}${after}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the document has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
