import type { FileStanding, SiteFileView } from '../../../shared/site-file/site-file-view.ts';
import classes from './welcome.module.css';

/** How people call the three kinds of files. */
export const fileWords: Record<SiteFileView['kind'], string> = {
  site: 'site file',
  kit: 'recovery kit',
  invitation: 'invitation',
};

/** How a file stands to what this workstation has, and what opening does then. */
export const standingWords: Record<FileStanding, string> = {
  same: 'The file says the same, field by field.',
  newer: 'The file is newer, and signed by the authority of the site.',
  older: 'The file is older than what is here, and is not taken over.',
  differs: 'The file says something else, and it is not written in it which of both is newer.',
  'other-authority':
    'The file is of another authority: the site was installed anew, or is another one of the same name. Compare the fingerprint with a workstation that works.',
};

/** What is in a file, before anything is opened. What it does not say is said to be unknown. */
export function FileFacts({ view }: { readonly view: SiteFileView }) {
  return (
    <dl className={classes.facts} aria-label="What is in the file">
      {factsOf(view).map(({ name, lines, mono }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={mono ? 'mono' : ''}>
            {lines.map((line) => (
              <span key={line}>{line}</span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface FileFact {
  readonly name: string;
  readonly lines: readonly string[];
  readonly mono?: boolean;
}

function factsOf(view: SiteFileView): FileFact[] {
  const { kind, site, made, by, consoleVersion, configuration, fingerprint, gives, servers, clusters } = view;
  const sealed = view.isOpen ? 'the file does not say' : 'sealed, until the passphrase opens it';
  const madeWords = made === null ? 'the file does not say' : minuteOf(made);
  const wrote = [
    madeWords,
    by === null ? '' : `by ${by}`,
    consoleVersion === null ? '' : `console ${consoleVersion}`,
  ];
  return [
    { name: 'Site', lines: [`${site.name} (${site.id})`] },
    { name: 'File', lines: [fileWords[kind]] },
    { name: kind === 'site' ? 'Exported' : 'Made', lines: [wrote.filter((part) => part !== '').join(', ')] },
    ...(kind === 'site'
      ? [{ name: 'Configuration', lines: [configuration ?? 'nobody has numbered and signed it'] }]
      : []),
    ...(gives === null ? [] : [{ name: 'Gives', lines: [givesWords(gives)] }]),
    { name: 'Authority', lines: [fingerprint ?? sealed], mono: fingerprint !== null },
    { name: 'Servers', lines: servers ?? [sealed] },
    { name: 'Clusters', lines: clusters ?? [sealed] },
  ];
}

function givesWords({ name, role, ends }: NonNullable<SiteFileView['gives']>): string {
  const who = name === null ? '' : ` for ${name}`;
  const until = ends === null ? '' : `, until ${minuteOf(ends)}`;
  const also = name === null ? ', and the key of the site’s authority' : '';
  return `a certificate as ${role}${who}${until}${also}`;
}

/** With its year, which counts here more than its second. */
function minuteOf(wallTime: string): string {
  return `${wallTime.slice(0, 16).replace('T', ' ')} UTC`;
}
