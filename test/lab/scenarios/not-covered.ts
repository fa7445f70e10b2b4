/** Numbers of the fault catalogue, or parts of one, that no scenario makes, each with the reason. */
export const notCovered: readonly {
  readonly fault: number;
  /** What of it is not made, where scenarios make the rest. */
  readonly part?: string;
  readonly because: string;
}[] = [
  {
    fault: 20,
    because:
      'all hosts of the lab share one kernel and so one boot-time clock; drifting clocks are in the model and the simulation',
  },
  {
    fault: 28,
    part: 'the same identity on two servers that run',
    because:
      'the lab has two servers with engines; a state on another machine is refused on the one that has it',
  },
  {
    fault: 36,
    part: 'the warning before one expires',
    because: 'it comes weeks before; it is looked at by the unit tests of the findings',
  },
  { fault: 37, because: 'it changes the whole site, so it has a proof of its own: npm run lab -- upgrade' },
  {
    fault: 39,
    part: 'memory pressure',
    because:
      'all hosts of the lab and the judge share the memory of one machine; its end, the agent killed, is made',
  },
  {
    fault: 41,
    part: 'a second server that lacks room',
    because:
      'both hosts of the lab have the room of one machine; the preflight warns, which its unit tests look at',
  },
];
