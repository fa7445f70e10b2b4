import { FileButton, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import { formatInstant } from './axis.ts';
import { BundleRecords } from './bundle-records.tsx';
import { sendBundle } from './send-bundle.ts';
import classes from './timeline-page.module.css';

/** A support bundle as a history of its own: no server is asked for anything, and no site has to be open. */
export function BundlePage() {
  const { client } = useConsole();
  const [path, setPath] = useState('');
  const [bundle, setBundle] = useState<BundleView | null>(null);
  const [opening, setOpening] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const openBy = async (ask: () => Promise<BundleView>) => {
    setOpening(true);
    setError(null);
    setShare(null);
    try {
      setBundle(await ask());
    } catch (thrown) {
      setBundle(null);
      setError(productErrorOf(thrown));
    } finally {
      setOpening(false);
    }
  };
  const open = () => openBy(() => client.call('openBundle', { path: path.trim() }));
  const choose = (file: File) => {
    setPath('');
    void openBy(() => sendBundle(client, file, setShare));
  };
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <h1 className={classes.title}>{bundle === null ? 'Open a support bundle' : bundle.fileName}</h1>
          <div className={classes.note}>
            {bundle === null
              ? 'Nothing is connected to, and nothing of it gets into the history of the site that is shown.'
              : `From a bundle${bundle.site === null ? '' : ` of ${bundle.site}`}, made ${formatInstant(Date.parse(bundle.madeAt), 0)} by version ${bundle.productVersion}. Not the present state of any server.`}
          </div>
        </div>
        <form
          className={classes.tools}
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() !== '' && !opening) void open();
          }}
        >
          <FileButton
            onChange={(file) => file && choose(file)}
            inputProps={{ 'aria-label': 'Choose a bundle…' }}
          >
            {({ onClick }) => (
              <InkButton idle={opening} onClick={onClick}>
                Choose a bundle…
              </InkButton>
            )}
          </FileButton>
          <TextInput
            size="xs"
            className={classes.path ?? ''}
            aria-label="Bundle on this workstation"
            placeholder="/home/me/ixha-support-….tar.gz"
            maxLength={4_096}
            value={path}
            onChange={({ currentTarget }) => setPath(currentTarget.value)}
          />
          <InkButton
            type="submit"
            act={bundle === null ? 'next' : 'other'}
            loading={opening}
            refusal={path.trim() === '' ? 'choose it, or say where it is.' : null}
          >
            Open the bundle
          </InkButton>
        </form>
      </header>
      {error && <ErrorNotice error={error} />}
      {opening && (
        <Notice kind="waiting" title="The bundle is being read">
          Every file in it is compared with the bundle’s own list first.
          {share !== null && share < 1 && ` ${Math.round(share * 100)} % of it is here.`}
        </Notice>
      )}
      {bundle !== null && <BundleRecords key={bundle.id} bundle={bundle} />}
    </div>
  );
}
