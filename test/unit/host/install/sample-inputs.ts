import { join } from 'node:path';
import { waysOf } from '../../../../electron/host/install/install-file.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { readEnginePassword, sshTarget } from '../../../../electron/host/install/ssh-targets.ts';
import { sampleBundle, sampleFile } from './install-samples.ts';

/** What an installation or upgrade of the sample site is given; password, key and profile lie in `folder`. */
export function sampleInputs(
  folder: string,
  own: Partial<InstallInputs> & Pick<InstallInputs, 'connect' | 'createAsk'>,
): InstallInputs {
  const document = sampleFile(join(folder, 'password'), join(folder, 'key'));
  return {
    document,
    target: (server) => sshTarget(server, waysOf(document), {}),
    enginePassword: () => readEnginePassword(document.engineApi.passwordFile),
    profileDirectory: join(folder, 'profile'),
    bundle: sampleBundle(),
    onProgress: () => undefined,
    ...own,
  };
}
