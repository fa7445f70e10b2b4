import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { workOnConfiguration } from '../engine-configuration/configuration-work.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { SiteCommand } from './commands.ts';

/** `site configuration`: members that differ make the command fail, after every file that does is told. */
export async function configurationVerb(
  { cluster, copy }: Extract<SiteCommand, { verb: 'configuration' }>,
  inputs: InstallInputs,
): Promise<Result<string[], ProductError[]>> {
  const done = await workOnConfiguration(inputs, { cluster: cluster ?? null, copy });
  if (!done.ok) return done;
  const { lines, open } = done.value;
  if (open.length === 0) return succeed([...lines]);
  return fail([
    productError(
      'configuration.differs',
      `The configuration of ${open.join(', ')} is not equal on both members.`,
      lines,
    ),
  ]);
}
