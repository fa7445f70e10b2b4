import * as z from 'zod/mini';
import { consoleRoles } from '../site/identity.ts';

/** The longest text of a file that is looked into, in characters. Two of them fit into one call. */
export const longestSiteFile = 1_000_000;

/** How a file stands to a profile of the same site on this workstation. */
export const fileStandings = [
  /** Field by field the same. */
  'same',
  /** Signed by the authority with a higher number. */
  'newer',
  'older',
  /** They differ, and which is newer is not written in them. */
  'differs',
  /** Of the same name, but of another authority: another installation. */
  'other-authority',
] as const;
export const FileStanding = z.enum(fileStandings);
export type FileStanding = z.infer<typeof FileStanding>;

/** A profile of the same site that this workstation has already. */
export const ProfileHere = z.object({
  directory: z.string(),
  role: z.enum(consoleRoles),
  /** Null: nobody has numbered what it holds. */
  number: z.nullable(z.int()),
  standing: FileStanding,
  /** The file may be taken over into it: it is signed by the authority of this profile. */
  canTake: z.boolean(),
  /** Every field that differs, from what is here to what is in the file. */
  changes: z.array(z.string()),
});
export type ProfileHere = z.infer<typeof ProfileHere>;

/** What is in a file that leads to a site. What is sealed is null until the passphrase has opened it. */
export const SiteFileView = z.object({
  kind: z.enum(['site', 'kit', 'invitation']),
  /** False: the passphrase is needed to see the rest. */
  isOpen: z.boolean(),
  site: z.object({ id: z.string(), name: z.string() }),
  /** Wall time of the workstation that made it; null: the file does not say. */
  made: z.nullable(z.string()),
  /** Who made it, proven by a certificate of the site; null: the file does not say. */
  by: z.nullable(z.string()),
  consoleVersion: z.nullable(z.string()),
  /** The state of the site that it is, in words, signed by the authority; null: nobody has numbered it. */
  configuration: z.nullable(z.string()),
  /** SHA-256 of the authority's certificate; null: the file names none, or is sealed. */
  fingerprint: z.nullable(z.string()),
  /** The certificate that this workstation would get; null: none is in it. */
  gives: z.nullable(
    z.object({ name: z.nullable(z.string()), role: z.enum(consoleRoles), ends: z.nullable(z.string()) }),
  ),
  servers: z.nullable(z.array(z.string())),
  clusters: z.nullable(z.array(z.string())),
  here: z.array(ProfileHere),
});
export type SiteFileView = z.infer<typeof SiteFileView>;

const FileText = z.string().check(z.minLength(1), z.maxLength(longestSiteFile));
const Passphrase = z.string().check(z.maxLength(1_000));

/** A file as a person chose it. The passphrase is empty where none is needed, or not known yet. */
export const ChosenFile = z.strictObject({ text: FileText, passphrase: Passphrase });
export type ChosenFile = z.infer<typeof ChosenFile>;

/** What to open of a file, and with what. */
export const ImportRequest = z.strictObject({
  file: ChosenFile,
  /** Kit or invitation that gives this workstation a certificate, for a site file on its own. */
  key: z.nullable(ChosenFile),
  /** Profile folder that a site file is taken over into; null: a new profile is made. */
  into: z.nullable(z.string().check(z.maxLength(4_096))),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

/** The calls of a console about files that lead to a site. */
export const siteFileCalls = {
  /** What is in a file, and how it stands to what this workstation has. Nothing is changed. */
  lookIntoSiteFile: { request: ChosenFile, response: SiteFileView },
  /** Makes a profile of it, or takes it over into one, and shows its site. */
  importSite: { request: ImportRequest, response: z.object({}) },
  /** The site that is shown as a file for other workstations and the command line, without secrets. */
  exportSiteFile: {
    request: z.object({}),
    response: z.object({
      fileName: z.string(),
      text: z.string(),
      lacks: z.array(z.string()),
      fingerprint: z.string(),
    }),
  },
} as const;
