import { isObserved } from '../../../shared/site/site-rules.ts';
import type { SiteInstallFile } from '../install/install-file.ts';
import type { InstallInputs } from '../install/prepare-site.ts';

/** How an installation ended, and what comes next. Pure. */
export function installedLines(changed: boolean, { document, profileDirectory }: InstallInputs): string[] {
  return [
    changed ? 'The site is installed.' : 'Nothing to change: the site is installed as described.',
    ...(isObserved(document.site)
      ? [
          'It is only observed: nothing is protected and nothing is done before it is armed (npm run site -- arm FILE).',
        ]
      : []),
    `Open it with this profile: ${profileDirectory}`,
  ];
}

/** What the person who keeps the site file has to change in it. Pure. */
export function forgetObserve({ site }: SiteInstallFile): string[] {
  return isObserved(site)
    ? ['Take "mode": "observe" out of the site file: the site is armed, and the profile folder says so.']
    : [];
}
