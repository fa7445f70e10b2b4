/** What follows when the past cannot be read, from a history or from a support bundle, and what to do. */
export const historyErrorSentences = {
  'history.unavailable': {
    meaning: 'Only the history of this workstation is concerned. Servers and messages are not affected.',
    next: 'Make room on the disk and let this user write to the profile folder, then open the console again.',
  },
  'bundle.unreadable': {
    meaning: 'Nothing was opened. No server was asked for anything, and the live history is as it was.',
    next: 'Check the path of the bundle and that this user may read it, then open it again.',
  },
  'bundle.damaged': {
    meaning:
      'Nothing of it was taken: what a damaged bundle tells may be wrong. The live history is as it was.',
    next: 'Ask whoever made the bundle to send it again, and compare the size of the file.',
  },
  'bundle.foreign': {
    meaning: 'Nothing of it was taken. The live history is as it was.',
    next: 'Choose an archive that support was meant to get, or open it with a console of the version that wrote it.',
  },
  'bundle.not-open': {
    meaning: 'Nothing was read. The bundle itself is as it was.',
    next: 'Open the bundle again: it is forgotten when the console ends, or when many others were opened.',
  },
} as const;
