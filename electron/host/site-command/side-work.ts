import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { SiteCommand } from './commands.ts';
import { revokeAndTell } from '../revocation/revoke-and-tell.ts';
import { pullConfiguration } from '../configuration/pull-configuration.ts';
import { configurationVerb } from './configuration-verb.ts';
import { rollbackVerb } from './rollback-verb.ts';
import { bundleVerb } from './bundle-verb.ts';
import { notifySecrets, notifyTest } from './notify-verbs.ts';

type SideCommand = Extract<
  SiteCommand,
  { verb: 'revoke' | 'rollback' | 'pull' | 'configuration' | 'bundle' | 'notify-test' | 'notify-secrets' }
>;

/** What works on servers beside installing, changing and removing the product. Errors: those of each work. */
export function sideWork(
  command: SideCommand,
  inputs: InstallInputs,
  ports: { readonly signal?: AbortSignal | undefined; readonly out: (text: string) => void },
): Promise<Result<string[], ProductError[]>> {
  switch (command.verb) {
    case 'revoke':
      return revokeAndTell(inputs, command);
    case 'rollback':
      return rollbackVerb(command, inputs);
    case 'pull':
      return pullConfiguration(inputs, command.file);
    case 'configuration':
      return configurationVerb(command, inputs);
    case 'bundle':
      return bundleVerb(command, inputs, ports);
    case 'notify-test':
      return notifyTest(inputs);
    case 'notify-secrets':
      return notifySecrets(inputs);
  }
}
