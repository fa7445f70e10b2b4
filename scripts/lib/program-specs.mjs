// What `npm run NAME -- --help` says of the programs that do not explain themselves.

/** @type {Record<string, import('./command-line.mjs').Spec>} */
export const programSpecs = {
  'test/bench/main.ts': {
    usage: 'npm run bench -- [NAME]',
    about: 'Measures and prints; nothing here passes or fails. Without a name everything is measured.',
    words: [
      { name: 'start', does: 'from the start of the console to its first picture' },
      { name: 'change', does: 'from a planned change to its end' },
    ],
    options: [],
  },
  'test/model/main.ts': {
    usage: 'npm run model -- [options]',
    about: 'Explores every state of the lease protocol within bounds, and breaks every rule once.',
    options: [
      { flag: '--large', does: 'also the large configurations' },
      { flag: '--only NAME', does: 'one configuration' },
      { flag: '--trace', does: 'print the moves that lead to each violation' },
    ],
    notes: ['What is modelled, and what is not: docs/model.md'],
  },
  'test/golden/rule-document.ts': {
    usage: 'npm run rules -- [options]',
    about: 'Prints the rule table of the failover as text.',
    options: [{ flag: '--write', does: 'write the generated parts of docs/failover.md anew' }],
  },
  'test/screens/capture.ts': {
    usage: 'npm run screenshots -- [FOLDER] [options]',
    about: 'Pictures of every state of the pages, with an accessibility check.',
    words: [{ name: 'FOLDER', does: 'where the pictures go (test-results/screens)' }],
    options: [
      { flag: '--only NAMES', does: 'these states only, separated by commas' },
      { flag: '--sizes LIST', does: 'window sizes (1280x720,1920x1080)' },
      { flag: '--themes LIST', does: 'themes (light,dark)' },
    ],
  },
};
