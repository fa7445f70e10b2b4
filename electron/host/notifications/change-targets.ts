import { productError, type ProductError } from '../../../shared/errors.ts';
import { notificationRefusals } from '../../../shared/notifications/policy-rules.ts';
import type { NotificationPolicy } from '../../../shared/notifications/policy.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { siteDescription, type SiteDescription } from '../install/install-file.ts';
import { installSite } from '../install/install-site.ts';
import { checkSite } from '../install/prepare-change.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { installedSite } from '../install/site-change.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';

/** The site as it shall be, with other targets; null: nobody is told any more. Errors: site.unsafe. Pure. */
export function targetsGoal(
  { site: before, access }: Pick<ConsoleProfile, 'site' | 'access'>,
  policy: NotificationPolicy | null,
): Result<SiteDescription, ProductError> {
  const refusals = notificationRefusals(policy ?? undefined);
  if (refusals.length > 0) {
    return fail(productError('site.unsafe', 'The targets cannot be used like this.', refusals));
  }
  const { notifications: _before, ...rest } = before;
  const site = {
    ...rest,
    version: before.version + 1,
    ...(policy === null ? {} : { notifications: policy }),
  };
  return succeed(siteDescription(site, access));
}

/**
 * What a change of the targets would do to the site document and to each server, line by line. Changes nothing. Errors:
 * site.newer with the fields that differ where another administrator has changed the site since, ssh.*, site.*.
 */
export async function planTargets(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  const before = await installedSite(inputs.profileDirectory);
  if (!before.ok) return fail([before.error]);
  const checked = await checkSite(inputs);
  if (!checked.ok) return checked;
  const { site } = inputs.document;
  const fields = before.value === null ? [] : documentChanges(before.value, site);
  const { changes } = checked.value;
  return succeed([...fields, ...changes.filter((line) => !fields.includes(line.replace(/^site: /, '')))]);
}

/** Brings the site document with its other targets to the servers: agents are restarted one by one, engines go on. */
export async function changeTargets(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  const installed = await installSite(inputs);
  if (!installed.ok) return installed;
  const { notifications } = inputs.document.site;
  const names = (notifications?.targets ?? []).map(({ id }) => id);
  return succeed([
    names.length === 0
      ? 'The agents tell nobody any more.'
      : `Every agent tells ${names.join(', ')} from now on. Give the secrets of new targets, then test each.`,
  ]);
}
