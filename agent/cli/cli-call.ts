import { formatProductError, type ProductError } from '../../shared/errors.ts';
import type { FenceStatement } from '../../shared/lease/forced.ts';
import type { SecondPersonScope } from '../../shared/second-person/scope.ts';
import type { Target } from './targets.ts';

/** Exit codes of `ixha`, stable for scripts. */
export const exitCodes = {
  done: 0,
  /** It answered, but not everything is as it should be (status), or the command was refused. */
  attention: 1,
  usage: 2,
  /** Somebody needed did not answer; the outcome is not known. */
  unreachable: 3,
  /** Nothing was changed yet: it waits for a second person. */
  waits: 4,
} as const;

export interface CliOptions {
  readonly json: boolean;
  readonly cluster: string | undefined;
  readonly server: string | undefined;
  readonly to: string | undefined;
  readonly reason: string;
  /** How long, in minutes; undefined: not said. */
  readonly minutes: number | undefined;
  /** What the person states of the other server; undefined: not said. */
  readonly fence: FenceStatement | undefined;
  readonly typedName: string | undefined;
  readonly withoutStore: boolean;
  /** Window of a scheduled move, as typed, and which move; undefined: not said. */
  readonly at: string | undefined;
  readonly until: string | undefined;
  readonly move: string | undefined;
  /** Name of one alarm; undefined: all of them. */
  readonly alarm: string | undefined;
  /** Which changes wait for a second person; undefined: not said. */
  readonly scope: SecondPersonScope | undefined;
  /** Id of a change that waits for a second person; undefined: not said. */
  readonly request: string | undefined;
  readonly from: number;
  readonly limit: number;
  readonly wait: boolean;
  /** Only tell what would be done. */
  readonly plan: boolean;
}

export interface CliCall {
  readonly targets: readonly Target[];
  /** Those of the whole site, also beyond the cluster and the server that are named. */
  readonly everyTarget: readonly Target[];
  readonly options: CliOptions;
  readonly print: (text: string) => void;
}

/** Tells a failure on standard error, or as JSON on standard output for scripts. */
export function report(error: ProductError, json: boolean): void {
  if (json) console.log(JSON.stringify({ error }));
  else console.error(formatProductError(error));
}
