// The flags of `npm start`: its own, and those that it passes on to the console.

/** @type {import('./command-line.mjs').Spec} */
export const startSpec = {
  usage: 'npm start -- [options]',
  about: 'Sets itself up and opens the console; without --profile with the demo site. Ctrl+C ends all of it.',
  options: [
    { flag: '--demo', does: 'the demo site (also without any option)' },
    { flag: '--profile DIR', does: 'a real site: the console profile folder of this workstation' },
    { flag: '--preset NAME', does: 'timing of the demo site' },
    { flag: '--no-open', does: "print the console's address, open no window" },
    { flag: '--port N', does: 'listen on this loopback port instead of a free one' },
    { flag: '--idle-exit', does: 'end after 30 minutes without a page' },
    { flag: '--browser', does: 'a window of the browser even where Electron could be used' },
    { flag: '--electron', does: 'try again to fetch the Electron runtime' },
  ],
  notes: ['The two dashes after "npm start" are needed: without them npm keeps the options for itself.'],
};

const own = ['electron', 'browser'];

/**
 * @param {Record<string, string | boolean | undefined>} values
 * @returns {{ kind: 'run', forced: 'electron' | 'browser' | undefined } | { kind: 'refused', text: string }}
 */
export function startChoice(values) {
  const clashes = [
    ['demo', 'profile'],
    ['electron', 'browser'],
    ['electron', 'no-open'],
    ['profile', 'preset'],
  ];
  const clash = clashes.find((names) => names.every((name) => values[name] !== undefined));
  if (clash) {
    const text = `--${clash[0]} and --${clash[1]} exclude each other.\n  Next: leave one of them out.`;
    return { kind: 'refused', text };
  }
  return { kind: 'run', forced: values.electron ? 'electron' : values.browser ? 'browser' : undefined };
}

/**
 * The flags of the console itself; without a site of one's own it shows the demo site.
 * @param {Record<string, string | boolean | undefined>} values
 */
export function consoleFlags(values) {
  const passed = Object.entries(values)
    .filter(([name]) => !own.includes(name))
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
  return values.demo === undefined && values.profile === undefined ? ['--demo', ...passed] : passed;
}
