/** What keeps the setup on the screen from keeping or taking something over. */
export const setupErrorSentences = {
  'setup.changed': {
    meaning: 'Your last change was not kept; the other one was. Servers are not affected.',
    next: 'Look at what the page shows now, and make your change again.',
  },
  'setup.not-held': {
    meaning: 'Nothing was taken over: the next installation from the screen would have lost it.',
    next: 'Install this file from the command line (npm run site -- install FILE), or take these parts out of it first.',
  },
  'setup.not-planned': {
    meaning:
      'Nothing was installed: it would not have been what the Review has shown. Servers are not affected.',
    next: 'Look at the plan at the step Review, which is made anew there, and install from it.',
  },
  'setup.not-kept': {
    meaning: 'Your last change is not kept and would be lost with this console. Servers are not affected.',
    next: 'Make room on the disk and let this user write to the settings folder, then change it again.',
  },
  'site.lock-lost': {
    meaning:
      'This work was ended where it was, since two at the same moment could undo each other. What it has done is recorded. Agents and engines go on.',
    next: 'Ask who has broken the lock, and wait for the end of that work. Then run this one again: it goes on where it stopped.',
  },
} as const;
