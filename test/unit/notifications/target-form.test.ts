import { describe, expect, it } from 'vitest';
import {
  emptyTarget,
  policyForm,
  policyLack,
  policyOf,
  targetLack,
  type PolicyForm,
} from '../../../shared/notifications/target-form.ts';
import { notificationPolicy } from '../../screens/notifications-fixture.ts';

/** Goal: a typed policy is the one that is meant, and what does not fit is named. Method: the pure form. */
const form = policyForm(notificationPolicy);
const webhook = { ...emptyTarget('webhook'), id: 'desk', url: 'https://alarms.hospital.example' };
const mail = {
  ...emptyTarget('mail'),
  ...{ id: 'on-call', host: 'mail.hospital.example', from: 'a@hospital.example' },
  to: 'b@hospital.example, c@hospital.example',
};

describe('the form of a policy', () => {
  it('says the same as the policy that it was made from', () => {
    expect(policyOf(form)).toEqual(notificationPolicy);
    expect(policyLack(form)).toBeNull();
  });

  it('without targets means that nobody is told', () => {
    expect(policyOf(policyForm(null))).toBeNull();
    expect(policyOf({ ...form, targets: [] })).toBeNull();
  });

  it('takes recipients apart', () => {
    expect(policyOf({ ...form, targets: [mail] })?.targets[0]).toMatchObject({
      to: ['b@hospital.example', 'c@hospital.example'],
    });
  });
});

it.each([
  [{ ...webhook, id: '' }, 'the name may have'],
  [{ ...webhook, id: 'a b' }, 'the name may have'],
  [{ ...webhook, url: 'http://alarms.hospital.example' }, 'https://'],
  [{ ...webhook, severities: [] }, 'at least one severity'],
  [{ ...mail, host: '' }, 'the mail server'],
  [{ ...mail, port: '' }, 'the port'],
  [{ ...mail, port: 70_000 }, 'the port'],
  [{ ...mail, from: 'nobody' }, 'the sender'],
  [{ ...mail, to: '' }, 'the recipients'],
  [{ ...mail, to: 'b@hospital.example nobody' }, 'the recipients'],
])('a target %j lacks: %s', (target, lack) => {
  expect(targetLack(target)).toContain(lack);
});

it.each([
  [{ quietSeconds: 5_000 }, 'the seconds of quiet'],
  [{ messagesPerHour: 0 }, 'the messages per hour'],
  [{ allWellHours: 1_000 }, 'the hours between'],
  [{ targets: Array.from({ length: 11 }, (_, index) => ({ ...webhook, id: `t${index}` })) }, 'ten targets'],
  [{ targets: [webhook, webhook] }, 'desk'],
  [{ targets: [{ ...webhook, kinds: ['weather'] }] }, 'weather'],
] as [Partial<PolicyForm>, string][])('a policy with %j does not fit: %s', (changed, lack) => {
  expect(policyLack({ ...form, ...changed })).toContain(lack);
});
