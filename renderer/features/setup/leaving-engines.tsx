import type { ProductError } from '../../../shared/errors.ts';
import type { EngineWord } from '../../../shared/setup/setup-view.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import classes from './setup.module.css';

/** Asks what shall become of running engines of clusters that leave the site; nothing while that is said. */
export function LeavingEngines({
  errors,
  onSaid,
}: {
  readonly errors: readonly ProductError[];
  readonly onSaid: (word: EngineWord) => void;
}) {
  const undecided = errors.filter(({ code }) => code === 'install.engines-undecided');
  if (undecided.length === 0) return null;
  return (
    <Notice kind="danger" title="A cluster leaves the site while its engine runs">
      <p>{undecided.map(({ message }) => message).join(' ')} What shall become of it?</p>
      <span className={classes.buttons}>
        <InkButton onClick={() => onSaid('stop')}>Stop it</InkButton>
        <InkButton act="danger" onClick={() => onSaid('keep')}>
          Let it run without protection
        </InkButton>
      </span>
    </Notice>
  );
}
