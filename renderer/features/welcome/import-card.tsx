import { FileButton, PasswordInput } from '@mantine/core';
import type { ProfileHere, SiteFileView } from '../../../shared/site-file/site-file-view.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { FileFacts, fileWords, standingWords } from './file-facts.tsx';
import { useSiteFile, type NamedFile, type SiteFileState } from './use-site-file.ts';
import classes from './welcome.module.css';

/** A site that exists, from a file: looked into first, and opened then. */
export function ImportCard() {
  const state = useSiteFile();
  const { file, view, running, error } = state;
  return (
    <Card
      title="Open a site from a file"
      note="site file, recovery kit or invitation"
      className={(view === null ? '' : classes.wide) ?? ''}
    >
      <div className={classes.body}>
        <p>
          A workstation of the site makes it: an invitation on “Workstations”, a recovery kit under the name
          at the top right, a site file on “Servers”. It is looked into first; nothing is opened or changed by
          that.
        </p>
        <FileChoice label="Choose a file…" file={file} busy={running !== null} onChoose={state.choose} />
        {view !== null && (
          <div className={classes.look}>
            <FileFacts view={view} />
            <div className={classes.form}>
              {!view.isOpen && <Sealed state={state} kind={view.kind} />}
              {view.isOpen && <Here state={state} view={view} />}
              {view.isOpen && <OpenIt state={state} view={view} />}
            </div>
          </div>
        )}
        {error && <ErrorNotice error={error} />}
        {running === 'opening' && (
          <Notice kind="waiting" title="The site is being opened">
            It usually takes a second or two.
          </Notice>
        )}
      </div>
    </Card>
  );
}

function FileChoice(props: {
  readonly label: string;
  readonly file: NamedFile | null;
  readonly busy: boolean;
  readonly onChoose: (file: File) => void;
}) {
  const { label, file, busy, onChoose } = props;
  return (
    <div className={classes.buttons}>
      <FileButton onChange={(picked) => picked && onChoose(picked)} inputProps={{ 'aria-label': label }}>
        {({ onClick }) => (
          <InkButton idle={busy} onClick={onClick}>
            {label}
          </InkButton>
        )}
      </FileButton>
      <span className={file === null ? 'ink3' : 'mono'}>{file?.name ?? 'none chosen yet'}</span>
    </div>
  );
}

function Sealed({ state, kind }: { readonly state: SiteFileState; readonly kind: SiteFileView['kind'] }) {
  const { file, running } = state;
  if (file === null) return null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        state.look();
      }}
    >
      <PasswordInput
        label="Its passphrase"
        description={`Without it nobody can look into this ${fileWords[kind]}.`}
        value={file.passphrase}
        autoComplete="off"
        onChange={(event) => state.say(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <InkButton
          type="submit"
          refusal={file.passphrase === '' ? 'enter its passphrase.' : null}
          idle={running !== null}
        >
          Look inside
        </InkButton>
      </div>
    </form>
  );
}

/** Profiles of the same site on this workstation, each with how the file stands to it. */
function Here({ state, view }: { readonly state: SiteFileState; readonly view: SiteFileView }) {
  return view.here.map((one) => (
    <Notice
      key={one.directory}
      kind={one.standing === 'same' ? 'done' : 'warn'}
      title={`This workstation has this site already, as ${one.role}`}
    >
      <p>
        {standingWords[one.standing]} {one.number !== null && `Here is number ${one.number}. `}
        <span className="mono">{one.directory}</span>
      </p>
      <Changes one={one} />
      <div className={classes.buttons}>
        <InkButton idle={state.running !== null} onClick={() => state.openHere(one.directory)}>
          Open what is here
        </InkButton>
        {one.canTake && (
          <InkButton idle={state.running !== null} onClick={() => state.open(one.directory)}>
            Take the file over and open
          </InkButton>
        )}
      </div>
    </Notice>
  ));
}

function Changes({ one: { changes, standing } }: { readonly one: ProfileHere }) {
  if (changes.length === 0 || standing === 'other-authority') return null;
  return (
    <details>
      <summary>
        {changes.length === 1 ? 'One field differs' : `${changes.length} fields differ`}, from here to the
        file
      </summary>
      <ul className={classes.lines} aria-label="What differs, from here to the file">
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
    </details>
  );
}

/** A profile of its own: at once from kit or invitation, and with one of them from a site file. */
function OpenIt({ state, view }: { readonly state: SiteFileState; readonly view: SiteFileView }) {
  if (view.kind !== 'site') {
    const beside = view.here.length > 0;
    return (
      <div className={classes.buttons}>
        <InkButton
          act={beside ? 'other' : 'next'}
          idle={state.running !== null}
          onClick={() => state.open(null)}
        >
          {beside ? 'Open with a profile of its own beside' : 'Open the site'}
        </InkButton>
      </div>
    );
  }
  return view.here.some(({ standing }) => standing !== 'other-authority') ? null : <WithKey state={state} />;
}

function WithKey({ state }: { readonly state: SiteFileState }) {
  const { key, running } = state;
  const lacking =
    key === null ? 'choose the kit or invitation.' : key.passphrase === '' ? 'enter its passphrase.' : null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (lacking === null && running === null) state.open(null);
      }}
    >
      <Notice kind="warn" title="A site file holds no certificate">
        Agents answer only whoever has one of the site’s authority, and this workstation has none yet. Choose
        a recovery kit or an invitation beside it, or ask an administrator of the site for one. Where the file
        is newer than the kit, its state of the site is taken.
      </Notice>
      <FileChoice
        label="Choose kit or invitation…"
        file={key}
        busy={running !== null}
        onChoose={state.chooseKey}
      />
      <PasswordInput
        label="Passphrase of kit or invitation"
        value={key?.passphrase ?? ''}
        autoComplete="off"
        onChange={(event) => state.sayKey(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <InkButton type="submit" refusal={lacking} idle={running !== null}>
          Open the site
        </InkButton>
      </div>
    </form>
  );
}
