import { useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { LeavingWord } from '../../../shared/setup/setup-view.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import classes from './setup.module.css';
import { TextAndButton } from './text-and-button.tsx';

interface Asked {
  readonly errors: readonly ProductError[];
  readonly onSaid: (word: LeavingWord) => void;
}

/** Asks what only a person can say of what leaves the site; nothing while that is said. */
export function LeavingWords({ errors, onSaid }: Asked) {
  const of = (code: ProductError['code']) => errors.filter((error) => error.code === code);
  return (
    <>
      <LeavingEngines errors={of('install.engines-undecided')} onSaid={onSaid} />
      <LostServers
        title="A server that leaves the site cannot be reached"
        errors={of('install.leaver-silent')}
        onSaid={(gone) => onSaid({ gone })}
      />
    </>
  );
}

function LeavingEngines({ errors, onSaid }: Asked) {
  if (errors.length === 0) return null;
  return (
    <Notice kind="danger" title="A cluster leaves the site while its engine runs">
      <p>{errors.map(({ message }) => message).join(' ')} What shall become of it?</p>
      <span className={classes.buttons}>
        <InkButton onClick={() => onSaid({ engines: 'stop' })}>Stop it</InkButton>
        <InkButton act="danger" onClick={() => onSaid({ engines: 'keep' })}>
          Let it run without protection
        </InkButton>
      </span>
    </Notice>
  );
}

/** The short name is typed: whoever states that a server is lost has read which one. */
export function LostServers(props: {
  readonly title: string;
  /** Of servers that are not reached; nothing is asked without any. */
  readonly errors: readonly ProductError[];
  readonly onSaid: (gone: string) => void;
}) {
  const { title, errors, onSaid } = props;
  const [name, setName] = useState('');
  if (errors.length === 0) return null;
  const typed = name.trim();
  return (
    <Notice kind="danger" title={title}>
      <p>
        Start it and begin again: then everything of the product is taken off it. If it is lost for good, it
        must stay off or be installed anew, since it still has its agents and its certificates: revoke those
        first, on the page Servers, while the site has it.
      </p>
      <TextAndButton
        label="Short name of the server that is lost for good"
        value={name}
        maxLength={32}
        onChange={setName}
      >
        <InkButton act="danger" idle={typed === ''} onClick={() => onSaid(typed)}>
          It is lost for good
        </InkButton>
      </TextAndButton>
    </Notice>
  );
}
