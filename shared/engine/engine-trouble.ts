/**
 * What can be the matter with an engine whose process runs: a closed list, each with what it means, what to do,
 * and whether moving the cluster to the other member helps. An answer that fits nothing here is `unexpected-form`:
 * a new version of the engine lowers what can be proven and never turns into a wrong "healthy".
 */
export type MoveHelps = 'yes' | 'perhaps' | 'no';

interface TroubleMeaning {
  readonly meaning: string;
  readonly next: string;
  readonly moveHelps: MoveHelps;
}

export const engineTroubles = {
  'port-closed': {
    meaning: 'The process of the engine runs, but nothing listens on the port of its API.',
    next: 'It may still be starting. If it stays so, look into the log of the engine, or move the cluster.',
    moveHelps: 'yes',
  },
  'api-silent': {
    meaning: 'The port of the API is open, but no answer comes: the engine runs and is silent.',
    next: 'See whether messages still flow. If not, move the cluster; an engine in this state stops slowly.',
    moveHelps: 'yes',
  },
  'connection-lost': {
    meaning: 'The engine ended the connection before its answer was complete.',
    next: 'Look into the log of the engine for the time of this report.',
    moveHelps: 'perhaps',
  },
  'http-status': {
    meaning: 'The API answers with a failure of HTTP itself. An engine of this kind does not do that.',
    next: 'See what listens on that port: a proxy, or another program.',
    moveHelps: 'no',
  },
  'page-instead': {
    meaning: 'The API answers with a page where data belongs: this version does not know the call.',
    next: 'Check the port in the site file, and whether this version of the engine is supported.',
    moveHelps: 'no',
  },
  'not-json': {
    meaning: 'The API answers with something that is not data at all.',
    next: 'See what listens on that port. If it is the engine, look into its log.',
    moveHelps: 'perhaps',
  },
  'unexpected-form': {
    meaning: 'The API answers with data of another form than is known, so nothing is concluded from it.',
    next: 'Check whether this version of the engine is supported. Protection does not rest on these answers.',
    moveHelps: 'no',
  },
  'answer-too-large': {
    meaning: 'The answer of the API was longer than any answer should be, and was not read to its end.',
    next: 'See what listens on that port. If it is the engine, look into its log.',
    moveHelps: 'perhaps',
  },
  'password-unreadable': {
    meaning: 'The agent cannot read the password of its account at the engine.',
    next: 'Put the password file back on this server, readable by the agent only.',
    moveHelps: 'no',
  },
  'login-refused': {
    meaning:
      'The engine refuses the account of the agent, so its components can be neither seen nor switched.',
    next: 'Check name, password and rights of that account at the engine.',
    moveHelps: 'no',
  },
  'no-session': {
    meaning: 'The engine took the account of the agent but gave it no session.',
    next: 'Check whether this version of the engine is supported.',
    moveHelps: 'no',
  },
  'call-refused': {
    meaning: 'The engine understood the call and refused it.',
    next: 'Its own words tell why. Check the rights of the account of the agent.',
    moveHelps: 'perhaps',
  },
  'safe-mode': {
    meaning: 'The engine is in safe mode: it is healthy to look at and processes nothing.',
    next: 'It is entered after an incomplete start. Look into the log of the engine, then start it again.',
    moveHelps: 'yes',
  },
  'licence-exceeded': {
    meaning: 'The licence of this engine does not allow as many running components as the cluster has.',
    next: 'Extend the licence of this server. Moving helps only if the licence of the other one is larger.',
    moveHelps: 'perhaps',
  },
  'components-off': {
    meaning: 'The engine answers, but none of its components is on: nothing is processed.',
    next: 'Start them in the dashboard of the engine, or look there why they are off.',
    moveHelps: 'perhaps',
  },
  'component-errors': {
    meaning: 'Components of the engine are in error. The others are not concerned.',
    next: 'Look at these components in the dashboard of the engine; the cause is often their destination.',
    moveHelps: 'no',
  },
  'not-processing': {
    meaning: 'Messages wait and components are on, but nothing has moved for a while.',
    next: 'See whether the destinations answer. If they do, look into the log of the engine, or move the cluster.',
    moveHelps: 'perhaps',
  },
} as const satisfies Readonly<Record<string, TroubleMeaning>>;

export type EngineTroubleCode = keyof typeof engineTroubles;

/** One trouble as it was met. */
export interface EngineTrouble {
  readonly code: EngineTroubleCode;
  /** What was seen, as the end of a sentence about the engine: `its API port is closed`. */
  readonly seen: string;
}

export function engineTrouble(code: EngineTroubleCode, seen: string): EngineTrouble {
  return { code, seen };
}

/** The whole of it for people: what was seen, what that means and what to do. */
export function describeEngineTrouble({ code, seen }: EngineTrouble): {
  readonly code: EngineTroubleCode;
  readonly sentence: string;
  readonly next: string;
  readonly moveHelps: MoveHelps;
} {
  const { meaning, next, moveHelps } = engineTroubles[code];
  return { code, sentence: `${meaning} Seen: ${seen}.`, next, moveHelps };
}

/**
 * Names a refusal that the engine tells in words of its own (`success:false`). The words are not documented, so
 * what is not recognised stays `call-refused` and keeps them.
 */
export function troubleOfRefusal(words: string): EngineTrouble {
  if (/safe mode/i.test(words)) return engineTrouble('safe-mode', words);
  if (/licen[cs]e/i.test(words)) return engineTrouble('licence-exceeded', words);
  return engineTrouble('call-refused', words);
}
