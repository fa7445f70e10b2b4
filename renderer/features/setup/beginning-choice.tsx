import { Card } from '../../components/card.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

const ways = [
  {
    observe: false,
    title: 'Protect at once',
    note: 'gates, guards and leases from the start; engines must be stopped while it is installed for the first time',
  },
  {
    observe: true,
    title: 'Observe first',
    note: 'engines run on untouched, agents only look, and nobody takes over; the page Servers arms the site later, without stopping an engine',
  },
] as const;

/** Whether engines are protected from the start, or only looked at until somebody arms the site. */
export function BeginningChoice() {
  const { draft, edit } = useSetup();
  return (
    <Card title="How it begins" note="look again after a change">
      <div role="radiogroup" aria-label="How it begins">
        <ul className={classes.machines}>
          {ways.map(({ observe, title, note }) => (
            <li key={title}>
              <label className={classes.choice}>
                <input
                  type="radio"
                  name="beginning"
                  checked={draft.observe === observe}
                  onChange={() => edit((now) => ({ ...now, observe }))}
                />
                <b>{title}</b>
              </label>
              <span className="small ink2">{note}</span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
