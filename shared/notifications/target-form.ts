import { notificationRefusals } from './policy-rules.ts';
import { NotificationPolicy, NotificationTarget, type NotificationSeverity } from './policy.ts';

/** A target as it is typed. */
export interface TargetForm {
  readonly kind: NotificationTarget['kind'];
  readonly id: string;
  readonly severities: readonly NotificationSeverity[];
  /** Empty: every kind. */
  readonly kinds: readonly string[];
  readonly url: string;
  readonly host: string;
  readonly port: number | string;
  readonly security: 'starttls' | 'tls';
  readonly user: string;
  readonly from: string;
  /** With commas, spaces or line ends between. */
  readonly to: string;
}

/** The part `notifications` as it is typed; an empty number is the usual one. */
export interface PolicyForm {
  readonly targets: readonly TargetForm[];
  readonly quietSeconds: number | string;
  readonly messagesPerHour: number | string;
  readonly allWellHours: number | string;
}

const everySeverity: readonly NotificationSeverity[] = ['danger', 'warn', 'info'];

export function emptyTarget(kind: TargetForm['kind']): TargetForm {
  return {
    ...{ kind, id: '', severities: everySeverity, kinds: [], url: 'https://' },
    ...{ host: '', port: 587, security: 'starttls', user: '', from: '', to: '' },
  };
}

/** The form that shows a policy. Pure. */
export function policyForm(policy: NotificationPolicy | null): PolicyForm {
  const { targets = [], quietSeconds = '', messagesPerHour = '', allWellHours = '' } = policy ?? {};
  return { targets: targets.map(targetForm), quietSeconds, messagesPerHour, allWellHours };
}

function targetForm(target: NotificationTarget): TargetForm {
  const { id, severities = everySeverity, kinds = [] } = target;
  const said = { ...emptyTarget(target.kind), id, severities, kinds };
  if (target.kind === 'webhook') return { ...said, url: target.url };
  const { host, port, security, user = '', from, to } = target;
  return { ...said, host, port, security, user, from, to: to.join(', ') };
}

/** The policy that a form describes; null: nobody is told. It is not yet checked: see `policyLack`. Pure. */
function typedPolicy({ targets, quietSeconds, messagesPerHour, allWellHours }: PolicyForm) {
  return {
    targets: targets.map(typedTarget),
    ...(quietSeconds === '' ? {} : { quietSeconds }),
    ...(messagesPerHour === '' ? {} : { messagesPerHour }),
    ...(allWellHours === '' ? {} : { allWellHours }),
  };
}

function typedTarget(form: TargetForm) {
  const { kind, id, severities, kinds, url, host, port, security, user, from, to } = form;
  const all = everySeverity.every((one) => severities.includes(one));
  const said = {
    ...{ kind, id },
    ...(all ? {} : { severities: everySeverity.filter((one) => severities.includes(one)) }),
    ...(kinds.length === 0 ? {} : { kinds }),
  };
  if (kind === 'webhook') return { ...said, url: url.trim() };
  const own = user === '' ? {} : { user };
  return { ...said, host: host.trim(), port, security, ...own, from: from.trim(), to: addressesIn(to) };
}

function addressesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

/** What does not fit yet, as the end of "Not now: …", and of which target; null: the form is whole. Pure. */
export function policyLack(form: PolicyForm): string | null {
  for (const target of form.targets) {
    const lack = targetLack(target);
    if (lack !== null) return `${target.id === '' ? 'a target' : target.id}: ${lack}`;
  }
  const policy = NotificationPolicy.safeParse(typedPolicy(form));
  if (!policy.success) return numberLack(form);
  return notificationRefusals(policy.data)[0] ?? null;
}

/** Fields by the name they have in a target, and what each must be. */
const fieldWords: Readonly<Record<string, string>> = {
  id: 'the name may have letters, digits, _ and - only, 32 at most, and begins with a letter or digit',
  severities: 'choose at least one severity',
  kinds: 'choose the kinds of alarm from the list',
  url: 'the address must begin with https:// and have no spaces',
  host: 'the mail server is not named yet',
  port: 'the port goes from 1 to 65535',
  user: 'the user is too long',
  from: 'the sender must be a mail address, such as ixha@hospital.example',
  to: 'the recipients must be mail addresses, 20 at most',
};

/** Why this target cannot be used yet; null: it can. Pure. */
export function targetLack(form: TargetForm): string | null {
  const parsed = NotificationTarget.safeParse(typedTarget(form));
  if (parsed.success) return null;
  const field = String(parsed.error.issues[0]?.path[0] ?? '');
  return fieldWords[field] ?? 'something of it does not fit';
}

function numberLack({ quietSeconds, messagesPerHour, allWellHours }: PolicyForm): string {
  const targets: NotificationTarget[] = [];
  const fits = (one: object) => NotificationPolicy.safeParse({ targets, ...one }).success;
  if (quietSeconds !== '' && !fits({ quietSeconds })) return 'the seconds of quiet go from 0 to 3600';
  if (messagesPerHour !== '' && !fits({ messagesPerHour })) return 'the messages per hour go from 1 to 1000';
  if (allWellHours !== '' && !fits({ allWellHours })) return 'the hours between two “all is well” go to 168';
  return 'ten targets at most';
}

/** The policy of a whole form; null: nobody is told. Call it only where `policyLack` is null. Pure. */
export function policyOf(form: PolicyForm): NotificationPolicy | null {
  const parsed = NotificationPolicy.safeParse(typedPolicy(form));
  return !parsed.success || parsed.data.targets.length === 0 ? null : parsed.data;
}
