import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import {
  NotificationSecrets,
  type NotificationPolicy,
  type TargetSecrets,
} from '../../../shared/notifications/policy.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { LocalPath } from '../install/server-access.ts';
import { fieldsInError } from '../zod-fields.ts';

/** The part `notificationSecrets` of a site file: by target, files of this workstation. */
export const NotificationSecretFiles = z.record(
  z.string(),
  z.strictObject({
    signingSecretFile: z.optional(LocalPath),
    bearerTokenFile: z.optional(LocalPath),
    passwordFile: z.optional(LocalPath),
    authorityFile: z.optional(LocalPath),
  }),
);
type NotificationSecretFiles = z.infer<typeof NotificationSecretFiles>;

/** Every reason why these files do not fit the targets, as sentences. Pure. */
export function secretFileRefusals(
  policy: NotificationPolicy | undefined,
  files: NotificationSecretFiles | undefined,
): string[] {
  const targets = policy?.targets ?? [];
  return [
    ...Object.keys(files ?? {})
      .filter((id) => !targets.some((target) => target.id === id))
      .map((id) => `notificationSecrets: ${id} is no target of notifications`),
    ...targets.flatMap((target) =>
      target.kind === 'mail' && target.user !== undefined && files?.[target.id]?.passwordFile === undefined
        ? [`notificationSecrets: ${target.id} signs in as ${target.user} and needs a passwordFile`]
        : [],
    ),
  ];
}

/** Reads what the targets are reached with. Errors: site.missing (a file cannot be read), site.unsafe (what it holds). */
export async function readNotificationSecrets(
  files: NotificationSecretFiles,
): Promise<Result<NotificationSecrets, ProductError>> {
  const read: Record<string, TargetSecrets> = {};
  for (const [id, one] of Object.entries(files)) {
    try {
      read[id] = await readTarget(one);
    } catch (cause) {
      const said = `A secret of the notification target ${id} cannot be read.`;
      return fail(productError('site.missing', said, [(cause as Error).message]));
    }
  }
  const parsed = z.safeParse(NotificationSecrets, read);
  if (parsed.success) return succeed(parsed.data);
  return fail(
    productError(
      'site.unsafe',
      'The secrets of the notification targets cannot be used.',
      fieldsInError(parsed.error),
    ),
  );
}

async function readTarget(files: NotificationSecretFiles[string]): Promise<TargetSecrets> {
  const { signingSecretFile, bearerTokenFile, passwordFile, authorityFile } = files;
  const [signingSecret, bearerToken, password, authorityPem] = await Promise.all(
    [signingSecretFile, bearerTokenFile, passwordFile, authorityFile].map(async (file) =>
      file === undefined ? undefined : readFile(file, 'utf8'),
    ),
  );
  return {
    ...(signingSecret !== undefined && { signingSecret: oneLine(signingSecret) }),
    ...(bearerToken !== undefined && { bearerToken: oneLine(bearerToken) }),
    ...(password !== undefined && { password: oneLine(password) }),
    ...(authorityPem !== undefined && { authorityPem }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\r?\n$/, '');
}
