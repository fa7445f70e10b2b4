import { PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { shortestPassphrase } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import classes from './recovery-page.module.css';
import { saveFile } from '../../components/save-file.ts';

interface Typed {
  readonly passphrase: string;
  readonly again: string;
}

const nothingTyped: Typed = { passphrase: '', again: '' };

/** Why no kit can be made yet, as the end of "Not now: …"; null when it can. Pure. */
export function kitRefusal(
  { passphrase, again }: Typed,
  asker: { readonly role: string; readonly connected: boolean },
): string | null {
  if (asker.role !== 'admin') return 'only an administrator may make a recovery kit';
  if (!asker.connected) return 'the console’s own program does not answer';
  const missing = shortestPassphrase - [...passphrase].length;
  if (missing > 0) return `${missing} more ${missing === 1 ? 'character is' : 'characters are'} needed`;
  return passphrase === again ? null : 'the two passphrases differ';
}

/** A copy of what only this workstation has, sealed with a passphrase. */
export function RecoveryPage({ site }: { readonly site: SiteSight }) {
  const { client } = useConsole();
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const [typed, setTyped] = useState(nothingTyped);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const refusal = kitRefusal(typed, { role, connected });
  const make = async () => {
    setMaking(true);
    setMade(null);
    setError(null);
    try {
      const kit = await client.call('makeRecoveryKit', { passphrase: typed.passphrase });
      saveFile(kit.fileName, kit.text);
      setMade(kit.fileName);
      setTyped(nothingTyped);
    } catch (thrown) {
      setError(productErrorOf(thrown));
    } finally {
      setMaking(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null && !making) void make();
  };
  return (
    <PlainPage
      className={classes.page ?? ''}
      title={`Recovery kit of ${site.site.name}`}
      lead="The key of the site’s authority is on the workstation that the site was installed from. If that is lost, the servers go on and fail over by themselves, but nobody can install, upgrade or give a new certificate any more."
    >
      {made !== null && (
        <Notice kind="done" title={`The recovery kit was given to you as ${made}.`}>
          Keep the file and its passphrase apart from each other and from this workstation. Nobody can open it
          without the passphrase, and the console does not keep it.
        </Notice>
      )}
      {error && <ErrorNotice error={error} />}
      <div className={classes.columns}>
        <Card title="Make a kit">
          <form className={classes.form} onSubmit={submit}>
            <PasswordInput
              label="Passphrase"
              description={`At least ${shortestPassphrase} characters: four or five words that have nothing to do with each other.`}
              autoComplete="new-password"
              value={typed.passphrase}
              onChange={({ currentTarget }) => setTyped({ ...typed, passphrase: currentTarget.value })}
            />
            <PasswordInput
              label="The same again"
              autoComplete="new-password"
              value={typed.again}
              onChange={({ currentTarget }) => setTyped({ ...typed, again: currentTarget.value })}
            />
            <div className={classes.foot}>
              <InkButton act="next" type="submit" refusal={making ? null : refusal} loading={making}>
                Make and save the kit
              </InkButton>
            </div>
          </form>
        </Card>
        <Card title="What is in it">
          <ul className={classes.list}>
            <li>the authority’s certificate and its key</li>
            <li>the site: servers, clusters, lease store, balancer</li>
            <li>how each server is reached, with its confirmed host keys</li>
          </ul>
          <p className={classes.more}>
            Passwords and private keys for SSH are not in it. On a new workstation:{' '}
            <code className="mono">npm run site -- restore KIT --profile DIR</code>
          </p>
        </Card>
      </div>
    </PlainPage>
  );
}
