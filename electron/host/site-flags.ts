import { parseArgs, type ParseArgsConfig } from 'node:util';
import { productError, type ProductError } from '../../shared/errors.ts';
import { timingPresetNames, type TimingPresetName } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

/** Which site a console is started for. */
export type SiteFlags =
  /** The site shown last, and the demo site where there is none. */
  | { readonly kind: 'last' }
  | { readonly kind: 'demo'; readonly preset: TimingPresetName | null }
  | { readonly kind: 'profile'; readonly directory: string };

/** The flags that both shells know. */
export const siteFlagOptions = {
  demo: { type: 'boolean' },
  profile: { type: 'string' },
  preset: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export interface SiteFlagValues {
  readonly demo?: string | boolean | undefined;
  readonly profile?: string | boolean | undefined;
  readonly preset?: string | boolean | undefined;
}

/** Reads which site is meant: the one shown last where nothing is said. */
export function siteFlags(values: SiteFlagValues): Result<SiteFlags, ProductError> {
  const { profile, preset } = values;
  if (profile !== undefined && values.demo === true) return refuse('Say either --demo or --profile DIR.');
  if (profile !== undefined) {
    if (preset !== undefined) return refuse('--preset is for the demo site; a site names its own timing.');
    if (typeof profile !== 'string' || profile === '') return refuse('--profile needs a folder.');
    return succeed({ kind: 'profile', directory: profile });
  }
  if (preset === undefined) {
    return succeed(values.demo === true ? { kind: 'demo', preset: null } : { kind: 'last' });
  }
  const named = timingPresetNames.find((name) => name === preset);
  if (named === undefined) {
    return refuse(`There is no preset ${String(preset)}; there are ${timingPresetNames.join(', ')}.`);
  }
  return succeed({ kind: 'demo', preset: named });
}

/** The site flags of a command line that may hold others, such as those of Chromium. */
export function siteFlagsAmong(argv: readonly string[]): Result<SiteFlags, ProductError> {
  return siteFlags(parseArgs({ args: [...argv], options: siteFlagOptions, strict: false }).values);
}

const howItIsCalled = 'Correct the option; npm start -- --help shows all of them.';

function refuse(message: string): Result<never, ProductError> {
  return fail(productError('request.invalid', message, [], howItIsCalled));
}
