import type { DraftServer } from '../../../shared/setup/draft.ts';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** One machine of the site is chosen for something; those that must not be chosen stay, with the reason. */
export function MachineChoice(props: {
  readonly name: string;
  readonly chosen: string | null;
  readonly onChoose: (server: string) => void;
  /** Why this one must not be chosen; null: it may. */
  readonly refusal: (server: DraftServer) => string | null;
}) {
  const { draft } = useSetup();
  return (
    <div role="radiogroup" aria-label={props.name}>
      <ul className={classes.machines}>
        {draft.servers.map((server) => {
          const refusal = props.refusal(server);
          return (
            <li key={server.id} className={refusal === null ? '' : classes.refused}>
              <label className={classes.choice}>
                <input
                  type="radio"
                  name={props.name}
                  disabled={refusal !== null}
                  checked={props.chosen === server.id}
                  onChange={() => props.onChoose(server.id)}
                />
                <b>{server.name || server.id}</b>
                <span className="ink3">{server.address}</span>
              </label>
              {refusal !== null && <span className="small ink2">{refusal}</span>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
