import { useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { saveFile } from '../../components/save-file.ts';
import { productErrorOf } from '../../ipc/console-client.ts';
import classes from './servers.module.css';
import { workWords } from './work-words.ts';

/** The document that the servers carry, taken over after a look at it, and the site as a file for the command line. */
export function SiteDocumentWork({
  view,
  refusal,
}: {
  readonly view: ServersView;
  readonly refusal: string | null;
}) {
  const { servers } = useConsole();
  const begin = (plan: boolean) => void servers.getState().act({ act: 'pull', plan });
  const seen = view.kind === 'pull' && (!view.plan || view.work.state === 'done');
  const unseen = seen ? null : 'look first at what the servers carry';
  return (
    <>
      <SiteFile />
      <div className={classes.foot}>
        <InkButton act={seen ? 'other' : 'next'} refusal={refusal} onClick={() => begin(true)}>
          {seen ? 'Look again what they carry' : 'Look what they carry'}
        </InkButton>
        {refusal === null && (
          <InkButton act={seen ? 'next' : 'other'} refusal={unseen} onClick={() => begin(false)}>
            {workWords.pull.begin}
          </InkButton>
        )}
      </div>
    </>
  );
}

/** The site as the command line reads it; what it lacks is told with it. */
function SiteFile() {
  const { client } = useConsole();
  const [saved, setSaved] = useState<{ lacks: readonly string[]; fingerprint: string } | null>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const save = () =>
    client
      .call('exportSiteFile', {})
      .then(({ fileName, text, lacks, fingerprint }) => {
        saveFile(fileName, text);
        setSaved({ lacks, fingerprint });
        setError(null);
      })
      .catch((thrown: unknown) => setError(productErrorOf(thrown)));
  return (
    <>
      <div>
        <InkButton onClick={() => void save()}>Save the site file</InkButton>{' '}
        <span className="small ink2">for other workstations and the command line, without secrets</span>
      </div>
      {error && <ErrorNotice error={error} />}
      {saved !== null && (
        <Notice kind="done" title="The site file is signed by this workstation">
          <p>
            Another workstation opens it under “Open a site”, with a kit or an invitation beside it. There the
            authority must be <span className="mono">{saved.fingerprint}</span>
          </p>
          <p>Before the command line can use it:</p>
          <ul className={classes.lines} aria-label="What the site file lacks">
            {saved.lacks.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
