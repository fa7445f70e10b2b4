import { useState } from 'react';
import { productError, type ProductError } from '../../../shared/errors.ts';
import {
  longestSiteFile,
  type ChosenFile,
  type SiteFileView,
} from '../../../shared/site-file/site-file-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { CallFailure, productErrorOf } from '../../ipc/console-client.ts';

/** A file of this workstation as a person chose it. */
export interface NamedFile extends ChosenFile {
  readonly name: string;
}

export interface SiteFileState {
  readonly file: NamedFile | null;
  /** Kit or invitation beside a site file. */
  readonly key: NamedFile | null;
  /** What is in the file; null: none was chosen, or it cannot be used. */
  readonly view: SiteFileView | null;
  readonly running: 'looking' | 'opening' | null;
  readonly error: ProductError | null;
  choose(file: File): void;
  chooseKey(file: File): void;
  say(passphrase: string): void;
  sayKey(passphrase: string): void;
  /** Looks again, with the passphrase. */
  look(): void;
  /** Opens it; `into` is the profile that a site file is taken over into. */
  open(into: string | null): void;
  /** Shows a profile that is here, as it is. */
  openHere(directory: string): void;
}

/** A file that leads to a site: chosen, looked into, opened. */
export function useSiteFile(): SiteFileState {
  const { client } = useConsole();
  const [file, setFile] = useState<NamedFile | null>(null);
  const [key, setKey] = useState<NamedFile | null>(null);
  const [view, setView] = useState<SiteFileView | null>(null);
  const [running, setRunning] = useState<SiteFileState['running']>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const attempt = (what: 'looking' | 'opening', work: () => Promise<void>) => {
    setRunning(what);
    setError(null);
    work()
      .catch((thrown: unknown) => setError(productErrorOf(thrown)))
      .finally(() => setRunning(null));
  };
  const lookInto = async (chosen: NamedFile) => setView(await client.call('lookIntoSiteFile', plain(chosen)));
  const shown = () => navigate({ page: 'overview' });
  return {
    ...{ file, key, view, running, error },
    choose: (picked) =>
      attempt('looking', async () => {
        setView(null);
        setKey(null);
        setFile({ name: picked.name, text: '', passphrase: '' });
        const chosen = await read(picked);
        setFile(chosen);
        await lookInto(chosen);
      }),
    chooseKey: (picked) => attempt('looking', async () => setKey(await read(picked))),
    say: (passphrase) => setFile((before) => before && { ...before, passphrase }),
    sayKey: (passphrase) => setKey((before) => before && { ...before, passphrase }),
    look: () => file && attempt('looking', () => lookInto(file)),
    open: (into) =>
      file &&
      attempt('opening', async () => {
        await client.call('importSite', {
          file: plain(file),
          key: into === null && key ? plain(key) : null,
          into,
        });
        setFile(null);
        setKey(null);
        shown();
      }),
    openHere: (directory) =>
      attempt('opening', async () => {
        await client.call('openSite', { directory });
        shown();
      }),
  };
}

function plain({ text, passphrase }: NamedFile): ChosenFile {
  return { text, passphrase };
}

async function read(picked: File): Promise<NamedFile> {
  const text = picked.size > 4 * longestSiteFile ? null : await picked.text();
  if (text !== null && text.length <= longestSiteFile && text !== '')
    return { name: picked.name, text, passphrase: '' };
  const said = text === '' ? `${picked.name} is empty.` : `${picked.name} is too large to lead to a site.`;
  throw new CallFailure(productError('site.damaged', said));
}
