import { formatProductError, productError, type ProductError } from '../../../shared/errors.ts';
import type { NotifyTestAnswer } from '../../../shared/notifications/told.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { consoleCredentials, loadOrCreateKeys } from '../install/profile.ts';
import { giveSecrets, testFromMembers, type MemberAnswer } from '../notifications/ask-members.ts';
import { readNotificationSecrets } from '../notifications/notification-secrets.ts';

/** `site notify-test`: every member sends a test to every target. It fails when one of them does not arrive. */
export async function notifyTest(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  const opened = await openMembers(inputs);
  if (!opened.ok) return opened;
  return toldOf(await testFromMembers(opened.value.ask, opened.value.endpoints), testLines, testFailed);
}

/** `site notify-secrets`: gives every member what the targets are reached with. */
export async function notifySecrets(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  const opened = await openMembers(inputs);
  if (!opened.ok) return opened;
  const secrets = await readNotificationSecrets(inputs.document.notificationSecrets ?? {});
  if (!secrets.ok) return fail([secrets.error]);
  const given = await giveSecrets(opened.value.ask, opened.value.endpoints, secrets.value);
  return toldOf(
    given,
    ({ kept }) => [`has the secrets of ${kept.length === 0 ? 'no target' : kept.join(', ')}`],
    () => false,
  );
}

async function openMembers(inputs: InstallInputs) {
  const { site } = inputs.document;
  if ((site.notifications?.targets ?? []).length === 0) {
    return fail([productError('notify.no-target', 'The site file names no notification targets.')]);
  }
  const keys = await loadOrCreateKeys(inputs.profileDirectory, site.id);
  if (!keys.ok) return fail([keys.error]);
  const ask = inputs.createAsk(consoleCredentials(keys.value));
  return succeed({ ask, endpoints: agentEndpoints(site) });
}

function testLines({ results }: NotifyTestAnswer): string[] {
  return results.map(({ target, place, tookMs, failure }) =>
    failure === null
      ? `${target} (${place}): arrived after ${tookMs} ms`
      : `${target}: ${failure.sentence} [${failure.code}] ${failure.next}`,
  );
}

function testFailed({ results }: NotifyTestAnswer): boolean {
  return results.some(({ failure }) => failure !== null);
}

/** What every member said, as lines; a failure with all of them when one could not, or did not, do it. */
function toldOf<Value>(
  answers: readonly MemberAnswer<Value>[],
  linesOf: (value: Value) => string[],
  failed: (value: Value) => boolean,
): Result<string[], ProductError[]> {
  const lines = answers.flatMap(({ member, answer }) =>
    (answer.ok ? linesOf(answer.value) : [formatProductError(answer.error)]).map(
      (line) => `${member}: ${line}`,
    ),
  );
  const whole = answers.every(({ answer }) => answer.ok && !failed(answer.value));
  if (whole) return succeed(lines);
  return fail([productError('notify.not-delivered', 'Not every member could do it.', lines)]);
}
