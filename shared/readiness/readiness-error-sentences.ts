/** What can go wrong with the checks of readiness; joined with the others in shared/error-sentences.ts. */
export const readinessErrorSentences = {
  'readiness.damaged': {
    meaning: 'What people had answered is not used. Automatic checks, servers and messages are not affected.',
    next: 'Bring the file back from its copy, or answer the checks anew. The damaged one is kept beside it.',
  },
  'readiness.not-kept': {
    meaning: 'What was said is not kept, and the page shows what was kept before. Servers are not affected.',
    next: 'Make room on the disk and let this user write to the profile folder, then say it again.',
  },
  'readiness.changed': {
    meaning:
      'Nothing of yours was kept, and nothing of theirs was replaced. Servers and messages are not affected.',
    next: 'Read what stands there now, then say yours again if it still holds.',
  },
} as const satisfies Record<string, { meaning: string; next: string }>;
