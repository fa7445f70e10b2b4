import { Checkbox, MultiSelect, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { runbooks } from '../../../shared/help/runbooks.ts';
import { alarmKinds } from '../../../shared/notifications/event.ts';
import { NotificationSeverity } from '../../../shared/notifications/policy.ts';
import { targetLack, type TargetForm } from '../../../shared/notifications/target-form.ts';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './notifications.module.css';
import { kindWords, severityWords } from './target-words.ts';

interface TargetFieldsProps {
  readonly target: TargetForm;
  readonly onChange: (target: TargetForm) => void;
}

/** One target as it is typed, with what does not fit yet. */
export function TargetFields(props: TargetFieldsProps & { readonly onRemove: () => void }) {
  const { target, onChange, onRemove } = props;
  const lack = targetLack(target);
  return (
    <fieldset className={classes.target}>
      <legend>
        {kindWords[target.kind]} {target.id}
      </legend>
      <div className={classes.fields}>
        <Text
          label="Name"
          value={target.id}
          placeholder="on-call"
          onValue={(id) => onChange({ ...target, id })}
        />
        {target.kind === 'webhook' ? (
          <Text label="Address" value={target.url} onValue={(url) => onChange({ ...target, url })} />
        ) : (
          <MailFields target={target} onChange={onChange} />
        )}
      </div>
      <div className={classes.fields}>
        <Checkbox.Group
          label="Severities"
          value={[...target.severities]}
          onChange={(chosen) =>
            onChange({
              ...target,
              severities: NotificationSeverity.options.filter((one) => chosen.includes(one)),
            })
          }
        >
          <div className={classes.checks}>
            {NotificationSeverity.options.map((one) => (
              <Checkbox key={one} value={one} label={severityWords[one]} />
            ))}
          </div>
        </Checkbox.Group>
        <MultiSelect
          label="Kinds of alarm"
          placeholder={target.kinds.length === 0 ? 'every kind' : ''}
          data={alarmKinds.map((value) => ({ value, label: runbooks[value].title }))}
          value={[...target.kinds]}
          onChange={(kinds) => onChange({ ...target, kinds })}
          clearable
        />
      </div>
      <div className={classes.foot}>
        {lack !== null && <span className={classes.lack}>Not yet: {lack}</span>}
        <InkButton act="back" onClick={onRemove} aria-label={`Remove ${target.id || 'this target'}`}>
          Remove
        </InkButton>
      </div>
    </fieldset>
  );
}

function MailFields({ target, onChange }: TargetFieldsProps) {
  return (
    <>
      <Text
        label="Mail server"
        placeholder="mail.hospital.example"
        value={target.host}
        onValue={(host) => onChange({ ...target, host })}
      />
      <NumberInput
        label="Port"
        min={1}
        max={65_535}
        value={target.port}
        onChange={(port) => onChange({ ...target, port })}
      />
      <NativeSelect
        label="TLS"
        value={target.security}
        data={[
          { value: 'starttls', label: 'STARTTLS' },
          { value: 'tls', label: 'From the first byte' },
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...target, security: value === 'tls' ? 'tls' : 'starttls' })
        }
      />
      <Text
        label="User, if it signs in"
        value={target.user}
        onValue={(user) => onChange({ ...target, user })}
      />
      <Text
        label="Sender"
        placeholder="ixha@hospital.example"
        value={target.from}
        onValue={(from) => onChange({ ...target, from })}
      />
      <Text
        label="Recipients"
        placeholder="on-call@hospital.example"
        value={target.to}
        onValue={(to) => onChange({ ...target, to })}
      />
    </>
  );
}

function Text(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onValue: (value: string) => void;
}) {
  const { label, value, placeholder, onValue } = props;
  return (
    <TextInput
      label={label}
      value={value}
      {...(placeholder === undefined ? {} : { placeholder })}
      autoComplete="off"
      spellCheck={false}
      maxLength={2_000}
      onChange={({ currentTarget }) => onValue(currentTarget.value)}
    />
  );
}
