import type { ChosenFile, ProfileHere, SiteFileView } from '../../shared/site-file/site-file-view.ts';

const fingerprint =
  '4F:1D:9A:22:0C:7E:51:B3:88:64:EE:0F:3A:95:D7:11:6B:C2:40:F8:2D:7A:93:05:BE:71:5C:E6:19:A4:08:D3';

const siteFile: SiteFileView = {
  kind: 'site',
  isOpen: true,
  site: { id: 'clinic', name: 'Clinic North' },
  made: '2026-05-01T08:12:00Z',
  by: 'admin on desk-2',
  consoleVersion: '0.1.0',
  configuration: 'number 7, made 2026-05-01 08:00 UTC by owner-2 on desk-2',
  fingerprint,
  gives: null,
  servers: ['ig-north (10.20.4.11)', 'ig-south (10.20.4.12)', 'ig-witness (10.20.9.5)'],
  clusters: [
    'WK1 Admissions and laboratory on ig-north and ig-south',
    'WK2 Radiology on ig-north and ig-south',
  ],
  here: [],
};

const here: ProfileHere = {
  directory: '/home/ada/.config/ixha/sites/clinic',
  role: 'admin',
  number: 6,
  standing: 'newer',
  canTake: true,
  changes: ['name: "Clinic" → "Clinic North"', 'clusters.WK2.localRestarts: 1 → 2'],
};

const kit: SiteFileView = {
  ...siteFile,
  kind: 'kit',
  by: null,
  consoleVersion: null,
  configuration: null,
  gives: { name: null, role: 'admin', ends: null },
};

/** What files lead to, by their text: the first word names the picture. */
export function siteFileView({ text, passphrase }: ChosenFile): SiteFileView {
  switch (text) {
    case 'newer':
      return { ...siteFile, here: [here] };
    case 'other-authority':
      return { ...siteFile, here: [{ ...here, standing: 'other-authority', canTake: false }] };
    case 'kit':
      return passphrase === ''
        ? { ...kit, isOpen: false, fingerprint: null, servers: null, clusters: null }
        : kit;
    default:
      return siteFile;
  }
}
