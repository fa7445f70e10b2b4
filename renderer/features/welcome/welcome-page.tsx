import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole, useSetupBegun } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import { GettingStartedCard } from '../getting-started/getting-started-card.tsx';
import { ImportCard } from './import-card.tsx';
import classes from './welcome.module.css';

/** Every way to a site: the demo, a new one, one that runs already, one that the command line has installed. */
export function WelcomePage({ isDemo }: { readonly isDemo: boolean }) {
  const setupBegun = useSetupBegun();
  return (
    <PlainPage
      title="How do you want to begin?"
      lead="Nothing is changed on any server by opening or joining a site."
    >
      <GettingStartedCard />
      <div className={classes.cards}>
        <Card title="Try the demo site" note="on this machine only">
          <div className={classes.body}>
            <p>
              Two clusters over two servers, with HL7 traffic and faults to inject. Agents and console are the
              real programs; only engines and servers are stand-ins.
            </p>
            {isDemo ? (
              <div>
                <InkButton onClick={() => navigate({ page: 'overview' })}>Show the demo site</InkButton>
              </div>
            ) : (
              <p>
                This console shows another site. Start it with{' '}
                <span className="mono">npm start -- --demo</span>.
              </p>
            )}
          </div>
        </Card>
        <Card title="Set up a site" note="from bare servers to a protected site">
          <div className={classes.body}>
            <p>
              Eleven steps from servers over SSH to the proof that one Active runs. It can be left and gone on
              with at any time.
            </p>
            <div>
              <InkButton act="next" onClick={() => navigate({ page: 'setup', step: null })}>
                {setupBegun ? 'Go on with the setup' : 'Begin the setup'}
              </InkButton>
            </div>
          </div>
        </Card>
        <ImportCard />
        <Open />
      </div>
    </PlainPage>
  );
}

function Open() {
  const { client } = useConsole();
  const [directory, setDirectory] = useState('');
  const opening = useOpening();
  return (
    <Card title="Open a profile folder" note="that the command line of this workstation has made">
      <form
        className={classes.body}
        onSubmit={(event) => {
          event.preventDefault();
          opening.run(async () => {
            await client.call('openSite', { directory });
          });
        }}
      >
        <p>
          <span className="mono">npm run site -- install FILE</span> makes a profile folder beside FILE, named
          after the site. It stays where it is, and is opened by the next start too.
        </p>
        <TextInput
          label="Profile folder"
          placeholder="~/sites/clinic-north"
          value={directory}
          spellCheck={false}
          onChange={(event) => setDirectory(event.currentTarget.value)}
        />
        <Outcome opening={opening} />
        <div className={classes.buttons}>
          <InkButton
            type="submit"
            refusal={directory.trim() === '' ? 'name the folder.' : null}
            idle={opening.running}
          >
            Open the folder
          </InkButton>
        </div>
      </form>
    </Card>
  );
}

interface Opening {
  readonly running: boolean;
  readonly error: ProductError | null;
  run(open: () => Promise<void>): void;
}

/** Opens a site and shows it, or says why it could not. */
function useOpening(): Opening {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const run = (open: () => Promise<void>) => {
    setRunning(true);
    setError(null);
    open()
      .then(
        () => navigate({ page: 'overview' }),
        (thrown: unknown) => setError(productErrorOf(thrown)),
      )
      .finally(() => setRunning(false));
  };
  return { running, error, run };
}

function Outcome({ opening }: { readonly opening: Opening }) {
  if (opening.error) return <ErrorNotice error={opening.error} />;
  return opening.running ? (
    <Notice kind="waiting" title="The site is being opened">
      It usually takes a second or two.
    </Notice>
  ) : null;
}
