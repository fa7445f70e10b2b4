import { parseArgs, type ParseArgsConfig } from 'node:util';
import { productError, type ProductError } from '../../shared/errors.ts';
import { timingPresetNames } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { siteFlagOptions, siteFlags, type SiteFlags } from '../host/site-flags.ts';

export interface Flags {
  readonly site: SiteFlags;
  /** Open an app window of an installed browser. */
  readonly open: boolean;
  /** 0: any free port. */
  readonly port: number;
  /** End when no page was connected for a while. */
  readonly idleExit: boolean;
}

const usage = [
  'Usage: node dist/host/browser-shell.cjs [--demo | --profile DIR] [--no-open] [--port N] [--preset NAME] [--idle-exit]',
  '  --demo         start the demo site and show it (also without any flag)',
  '  --profile DIR  show the site of this console profile folder',
  '  --no-open      print the address only, open no window',
  '  --port N       listen on this loopback port instead of a free one',
  `  --preset NAME  timing of the demo site: ${timingPresetNames.join(', ')}`,
  '  --idle-exit    end after 30 minutes without a page',
  '  --help         print this and end',
];
export const usageText = usage.join('\n');

/** Known flags, so that `npm start` can be compared with them. */
export const consoleFlagOptions = {
  ...siteFlagOptions,
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  'idle-exit': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/** Reads the command line; refusals name what is wrong and how it is used. */
export function readFlags(argv: readonly string[]): Result<Flags, ProductError> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const site = siteFlags(values);
  if (!site.ok) return refuse(site.error.message);
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535 || values.port === '') {
    return refuse(`--port ${values.port} is not a port number.`);
  }
  return succeed({
    site: site.value,
    open: values['no-open'] !== true,
    port,
    idleExit: values['idle-exit'] === true,
  });
}

function parse(argv: readonly string[]) {
  try {
    return succeed(
      parseArgs({
        args: [...argv],
        options: consoleFlagOptions,
      }),
    );
  } catch (cause) {
    return refuse(`${(cause as Error).message.split('. ')[0]}.`);
  }
}

function refuse(message: string): Result<never, ProductError> {
  return fail(productError('request.invalid', message, usage, 'Correct the option and start again.'));
}
