import { parseArgs } from 'node:util';
import { timingPresetNames, type TimingPresetName } from '../../shared/lease/timing.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

export interface Flags {
  readonly demo: boolean;
  /** Open an app window of an installed browser. */
  readonly open: boolean;
  readonly profile: string | null;
  /** 0: any free port. */
  readonly port: number;
  readonly preset: TimingPresetName | null;
  /** End when no page was connected for a while. */
  readonly idleExit: boolean;
}

export const usage = [
  'Usage: node dist/host/browser-shell.cjs (--demo | --profile DIR) [--no-open] [--port N] [--preset NAME] [--idle-exit]',
  '  --demo         start the demo site and show it',
  '  --profile DIR  show the site of this console profile folder',
  '  --no-open      print the address only, open no window',
  '  --port N       listen on this loopback port instead of a free one',
  `  --preset NAME  timing of the demo site: ${timingPresetNames.join(', ')}`,
  '  --idle-exit    end after 30 minutes without a page',
].join('\n');

/** Reads the command line; refusals name what is wrong and how it is used. */
export function readFlags(argv: readonly string[]): Result<Flags, ProductError> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const demo = values.demo === true;
  if (demo === (values.profile !== undefined)) {
    return refuse('Say either --demo or --profile DIR.');
  }
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    return refuse(`--port ${values.port} is not a port number.`);
  }
  const preset = timingPresetNames.find((name) => name === values.preset) ?? null;
  if (values.preset !== undefined && preset === null) return refuse(`There is no preset ${values.preset}.`);
  if (preset !== null && !demo) return refuse('--preset is for the demo site; a site names its own timing.');
  return succeed({
    demo,
    open: values['no-open'] !== true,
    profile: values.profile ?? null,
    port,
    preset,
    idleExit: values['idle-exit'] === true,
  });
}

function parse(argv: readonly string[]) {
  try {
    return succeed(
      parseArgs({
        args: [...argv],
        options: {
          demo: { type: 'boolean' },
          'no-open': { type: 'boolean' },
          profile: { type: 'string' },
          port: { type: 'string' },
          preset: { type: 'string' },
          'idle-exit': { type: 'boolean' },
        },
      }),
    );
  } catch (cause) {
    return refuse(`${(cause as Error).message.split('. ')[0]}.`);
  }
}

function refuse(message: string): Result<never, ProductError> {
  return fail(productError('request.invalid', message, usage.split('\n')));
}
