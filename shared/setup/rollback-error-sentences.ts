/** Why one server is not put back as it was before an installation or upgrade. */
export const rollbackErrorSentences = {
  'rollback.nothing-kept': {
    meaning: 'Nothing was changed. It is not known how this server was before, so nothing is guessed at.',
    next: 'Take everything off all servers (npm run site -- uninstall FILE), or install the site as it shall be.',
  },
  'rollback.active': {
    meaning:
      'Nothing was changed. The engine goes on with its guards; without them nobody would stop it in time when another server takes over.',
    next: 'Move the cluster to its other member first (a planned switchover), then roll this server back.',
  },
  'rollback.in-use': {
    meaning:
      'Nothing was changed. The other servers work with what would be taken away here: a cluster would be armed with one member, or without its lease store or balancer, and the engine here could start beside the Active.',
    next: 'Go on with the installation; or install the site without this server; or take everything off all servers (npm run site -- uninstall FILE).',
  },
  'rollback.others-differ': {
    meaning:
      'Nothing was changed. Servers of one cluster that follow different settings could become Active at the same time.',
    next: 'Change the site back to how it was, in its file or in the setup, and install it: that changes all servers together.',
  },
  'rollback.unsure': {
    meaning: 'Nothing was changed. What is not known counts as in use.',
    next: 'Remove the reason that the message tells, then roll the server back.',
  },
  'rollback.changed': {
    meaning: 'Nothing was changed. It would not have been what was shown and confirmed.',
    next: 'Look at the plan of the roll back again, and confirm that one.',
  },
  'rollback.half-done': {
    meaning:
      'What was there before is in its place again, but it is not proven that it works. The engine on this server was stopped and stays so; the other servers go on.',
    next: 'See what its members say (ixha status, ixha why), then roll it back once more: it goes on. Or install again.',
  },
} as const;
