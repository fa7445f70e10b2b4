/** What the errors about second persons mean, and what to do next. */
export const secondPersonSentences = {
  'second-person.waits': {
    meaning:
      'Nothing was changed yet. It is carried out once a second person has agreed, and ends by itself otherwise.',
    next: 'Ask another person to agree, in the console or on a server. Automatic failover goes on as always.',
  },
  'second-person.same': {
    meaning: 'Nothing was changed. Planned changes of this cluster need two persons.',
    next: 'Ask another person, who has not asked for it.',
  },
  'second-person.over': {
    meaning: 'Nothing was changed by this. What became of the request stands in the journal with both names.',
    next: 'Look at what stands now, and ask again if it is still needed.',
  },
} as const;
