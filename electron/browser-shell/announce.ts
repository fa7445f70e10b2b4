import type { OpenedWindow } from './app-window.ts';

/** The one line that programs and people look for. */
export function consoleLine(address: string): string {
  return `Console: ${address}`;
}

/** What follows that line: the address is worth one opening, and how there is another one. */
export function onceLine(canEnter: boolean): string {
  const another = canEnter ? 'Press Enter here for another one.' : 'For another one start the console again.';
  return `This address opens the console once. ${another}`;
}

/** How the window was opened, or why there is none. */
export function windowLines(opened: OpenedWindow): string[] {
  if (opened.kind === 'none') return [`${opened.why} Open the address above in a browser.`];
  const lines = [`A window was opened with ${opened.program}.`];
  if (!opened.sandboxed) {
    lines.push('You are root, so the browser runs without its sandbox; the window shows this console only.');
  }
  return lines;
}

/** How to reach the agents of the open site from the command line, and how to break and heal the demo. */
export function siteLines(site: { readonly profileDirectory: string; readonly demo: boolean }): string[] {
  const agents = `Agents:  node dist/agent/ixha.cjs status --profile ${quoted(site.profileDirectory)}`;
  if (!site.demo) return [agents];
  return [agents, 'Faults:  npm run demo -- kill-server ig-north   (then: npm run demo -- heal)'];
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
