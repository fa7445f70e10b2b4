/** The first line of what a program has said that says something, without control characters and its full stop. */
export function firstLineSaid(output: string): string {
  const line = output.split('\n').find((text) => text.trim() !== '') ?? '';
  return line
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 200);
}
