// What `npm run NAME -- --help` says of the programs that do not explain themselves.

/** @type {Record<string, import('./command-line.mjs').Spec>} */
export const programSpecs = {
  'test/bench/main.ts': {
    usage: 'npm run bench -- [NAME] [options]',
    about:
      'Measures and prints; nothing here passes or fails. Without a name: what needs no real hosts. Ctrl+C takes everything down.',
    words: [
      { name: 'list', does: 'the benches' },
      { name: 'NAME', does: 'one of them' },
    ],
    options: [
      { flag: '--json FILE', does: 'also writes the result there, with its conditions' },
      { flag: '--document', does: 'writes the tables of docs/performance.md anew from test/bench/results' },
      { flag: '--runs N', does: 'peers: how often each event is measured, held ones half as often (3)' },
      { flag: '--hold N', does: 'peers: seconds that a held fault lasts (20)' },
      { flag: '--contenders LIST', does: 'peers: only these, separated by commas' },
      { flag: '--events LIST', does: 'peers: only these, separated by commas' },
      { flag: '--continue', does: 'peers: keep what the file of --json holds of other contenders' },
      { flag: '--seconds N', does: 'cost (180), witness (60), endurance (300): how long is watched' },
      { flag: '--clusters LIST', does: 'witness: how many clusters (100,500)' },
    ],
    notes: ['What was measured, on what, and what it means: docs/performance.md'],
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
  'test/sim/main.ts': {
    usage: 'npm run sim -- [options]',
    about:
      'Lives through seeded histories of servers, network, disks and engines with the production code. Without options: what npm test runs, with every planted bug.',
    options: [
      { flag: '--seeds N', does: 'this many seeds' },
      { flag: '--from S', does: 'the first seed (1)' },
      { flag: '--trace', does: 'print the history of each seed' },
      { flag: '--planted NAMES', does: 'break the product on purpose' },
      { flag: '--workers N', does: 'processes to spread over (one per processor)' },
    ],
    notes: ['What is simulated, and what is not: docs/simulation.md'],
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
      { flag: '--text PERCENT', does: 'size of the text; what is cut at the right is told then (100)' },
      { flag: '--forced-colors', does: "the person's own colours instead of those of the page" },
    ],
  },
};
