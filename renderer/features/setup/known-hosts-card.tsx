import { useState } from 'react';
import type { KnownHostsFound } from '../../../shared/setup/setup-view.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './setup.module.css';
import { TextAndButton } from './text-and-button.tsx';
import { useSetup } from './use-setup.ts';

/** Takes over host keys that OpenSSH knows on this workstation already. */
export function KnownHostsCard() {
  const { view, act } = useSetup();
  const [file, setFile] = useState('~/.ssh/known_hosts');
  return (
    <Card
      title="Host keys that this workstation knows"
      note="a key from a known_hosts file of OpenSSH need not be compared once more"
    >
      <div className={classes.form}>
        <TextAndButton label="known_hosts file" value={file} maxLength={4_096} onChange={setFile}>
          <InkButton onClick={() => void act({ act: 'known-hosts', file })}>Take its keys over</InkButton>
        </TextAndButton>
      </div>
      {view.knownHosts && <Found found={view.knownHosts} />}
    </Card>
  );
}

function Found({ found }: { readonly found: KnownHostsFound }) {
  const { pinned, silent, contradicted, malformed, revoked } = found;
  const all = (names: readonly string[]) => names.join(', ');
  const lines = [
    ...(contradicted.length > 0
      ? [
          {
            state: 'danger' as const,
            words: `It has another key than the trusted one for ${all(contradicted)}. Nothing was changed: ask the owner which one is right.`,
          },
        ]
      : []),
    ...(pinned.length > 0 ? [{ state: 'ok' as const, words: `Keys taken over for ${all(pinned)}.` }] : []),
    ...(silent.length > 0
      ? [{ state: 'unknown' as const, words: `It has none for ${all(silent)}: compare these yourself.` }]
      : []),
    ...(revoked > 0
      ? [{ state: 'ok' as const, words: `It declares ${revoked} keys lost: they are never accepted.` }]
      : []),
    ...(malformed > 0
      ? [{ state: 'warn' as const, words: `${malformed} of its lines were not understood.` }]
      : []),
  ];
  return (
    <ul className={classes.limits}>
      {lines.map(({ state, words }) => (
        <li key={words}>
          <StateIcon state={state} />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}
