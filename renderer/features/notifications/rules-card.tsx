import { hourlyLimit, quietMs, type NotificationPolicy } from '../../../shared/notifications/policy.ts';
import { Card } from '../../components/card.tsx';
import { Facts } from '../../components/fact-list.tsx';
import classes from './notifications.module.css';

/** How events are put together, how many messages there may be, and how silence is told from trouble. */
export function RulesCard({ policy }: { readonly policy: NotificationPolicy | null }) {
  if (policy === null) return null;
  const usual = (value: unknown) => (value === undefined ? ' (usual)' : '');
  const { quietSeconds, messagesPerHour, allWellHours } = policy;
  return (
    <Card title="How much is told" note="for all targets">
      <div className={classes.rules}>
        <Facts
          rows={[
            {
              name: 'Grouping',
              value: `What happens within ${quietMs(policy) / 1_000} s goes into one message${usual(quietSeconds)}`,
            },
            {
              name: 'Rate',
              value: `${hourlyLimit(policy)} messages an hour to one target; what happens beyond waits for the next, urgent alarms excepted${usual(messagesPerHour)}`,
            },
            {
              name: 'All is well',
              value:
                allWellHours === undefined
                  ? 'Never told: silence cannot be told from agents that reach nobody'
                  : `Told every ${allWellHours} h; when it stays away nobody watches`,
            },
          ]}
        />
      </div>
    </Card>
  );
}
