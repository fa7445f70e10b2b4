import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { NotificationPolicy } from '../../../shared/notifications/policy.ts';
import {
  emptyTarget,
  policyForm,
  policyLack,
  policyOf,
  type PolicyForm,
  type TargetForm,
} from '../../../shared/notifications/target-form.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { SecretFields, secretRefusal } from '../servers/secret-fields.tsx';
import { workWords } from '../servers/work-words.ts';
import classes from './notifications.module.css';
import { TargetFields } from './target-fields.tsx';

/** The targets as they shall be, the look at what that changes on every server, and only then the change. */
export function ChangeCard(props: {
  readonly policy: NotificationPolicy | null;
  readonly works: ServersView;
  readonly site: SiteSight;
  readonly onLeave: () => void;
}) {
  const { policy, works, site, onLeave } = props;
  const { servers } = useConsole();
  const [form, setForm] = useState<PolicyForm>(() => {
    const present = policyForm(policy);
    return present.targets.length === 0 ? { ...present, targets: [emptyTarget('webhook')] } : present;
  });
  const names = new Map(site.site.servers.map(({ id, name }) => [id, name]));
  const wanted = policyOf(form);
  const seen = works.lookedAtTargets !== null && same(works.lookedAtTargets.policy, wanted);
  const busy = works.work.state === 'running' ? 'another work on the servers goes on' : null;
  const unchanged = same(policy, wanted) ? 'nothing is changed yet' : null;
  const lack = works.refusal ?? policyLack(form) ?? unchanged ?? busy ?? secretRefusal(works, names, true);
  const setTarget = (index: number, target: TargetForm) =>
    setForm({ ...form, targets: form.targets.with(index, target) });
  const begin = (plan: boolean) => void servers.getState().act({ act: 'notify', policy: wanted, plan });
  return (
    <Card title="Change whom the agents tell" note="part of the site document">
      <div className={classes.form}>
        <p>{workWords.notify.does}</p>
        {form.targets.map((target, index) => (
          <TargetFields
            key={index}
            target={target}
            onChange={(changed) => setTarget(index, changed)}
            onRemove={() => setForm({ ...form, targets: form.targets.toSpliced(index, 1) })}
          />
        ))}
        <div className={classes.add}>
          {(['webhook', 'mail'] as const).map((kind) => (
            <InkButton
              key={kind}
              onClick={() => setForm({ ...form, targets: [...form.targets, emptyTarget(kind)] })}
            >
              {kind === 'webhook' ? 'Add a webhook' : 'Add mail'}
            </InkButton>
          ))}
        </div>
        <RuleFields form={form} onChange={setForm} />
        <SecretFields view={works} names={names} withShared />
        <div className={classes.foot}>
          <InkButton act="back" onClick={onLeave}>
            Leave it as it is
          </InkButton>
          <InkButton act={seen ? 'other' : 'next'} refusal={lack} onClick={() => begin(true)}>
            {seen ? 'Look again what it changes' : 'Look what it changes'}
          </InkButton>
          {lack === null && (
            <InkButton
              act={seen ? 'next' : 'other'}
              refusal={seen ? null : 'look first at what it changes'}
              onClick={() => begin(false)}
            >
              {workWords.notify.begin}
            </InkButton>
          )}
        </div>
      </div>
    </Card>
  );
}

function same(one: NotificationPolicy | null, other: NotificationPolicy | null): boolean {
  const plain = (policy: NotificationPolicy | null) => JSON.stringify(policyOf(policyForm(policy)));
  return plain(one) === plain(other);
}

function RuleFields({
  form,
  onChange,
}: {
  readonly form: PolicyForm;
  readonly onChange: (form: PolicyForm) => void;
}) {
  return (
    <div className={classes.fields}>
      <NumberInput
        label="Seconds in which events go into one message"
        placeholder="20"
        min={0}
        max={3_600}
        value={form.quietSeconds}
        onChange={(quietSeconds) => onChange({ ...form, quietSeconds })}
      />
      <NumberInput
        label="Messages an hour to one target"
        placeholder="20"
        min={1}
        max={1_000}
        value={form.messagesPerHour}
        onChange={(messagesPerHour) => onChange({ ...form, messagesPerHour })}
      />
      <NumberInput
        label="Hours between two “all is well”"
        placeholder="never"
        min={0.1}
        max={168}
        value={form.allWellHours}
        onChange={(allWellHours) => onChange({ ...form, allWellHours })}
      />
    </div>
  );
}
