import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { RevokeRequest } from '../../../shared/servers/servers-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { GoOnUnprotected } from './go-on-unprotected.tsx';
import classes from './servers.module.css';
import { useTypedName } from './typed-name.tsx';
import { workWords } from './work-words.ts';

const kinds = [
  { value: 'server', label: 'All certificates of a server' },
  { value: 'serial', label: 'One certificate' },
  { value: 'nothing', label: 'Hand the present list out again' },
] as const;
type Kind = (typeof kinds)[number]['value'];

/** Whose certificates are refused from now on. Dangerous: the site's name is typed. */
export function Revoking(props: {
  readonly site: SiteSight;
  readonly names: ReadonlyMap<string, string>;
  readonly refusal: string | null;
}) {
  const { site, names, refusal } = props;
  const { servers } = useConsole();
  const [kind, setKind] = useState<Kind>('server');
  const [server, setServer] = useState('');
  const [lost, setLost] = useState(false);
  const [serial, setSerial] = useState('');
  const [why, setWhy] = useState('');
  const [unprotected, setUnprotected] = useState<readonly string[]>([]);
  const { typedName, untyped, field } = useTypedName(site.site.name);
  const order = orderOf(kind, { server, lost, serial });
  const begin = () =>
    void servers.getState().act({ act: 'revoke', order, why, unprotected: [...unprotected], typedName });
  return (
    <>
      <SegmentedControl
        aria-label="What is revoked"
        value={kind}
        onChange={(value) => setKind(value)}
        data={[...kinds]}
      />
      {kind === 'server' && (
        <div className={classes.fields}>
          <NativeSelect
            label="Server"
            value={server}
            onChange={(event) => setServer(event.currentTarget.value)}
            data={[
              { value: '', label: 'Choose a server' },
              ...withCertificates(site).map((id) => ({ value: id, label: names.get(id) ?? id })),
            ]}
          />
          <Checkbox
            label="It cannot be reached any more: it gets no new keys"
            description="Refused while an agent of it answers. Should it come back, a repair gives it new keys."
            checked={lost}
            onChange={(event) => setLost(event.currentTarget.checked)}
          />
        </div>
      )}
      {kind === 'serial' && (
        <TextInput
          label="Serial number of the certificate (hexadecimal)"
          placeholder="5F3A…"
          maw="30rem"
          value={serial}
          spellCheck={false}
          maxLength={100}
          onChange={(event) => setSerial(event.currentTarget.value)}
        />
      )}
      {kind === 'server' && !lost && (
        <GoOnUnprotected site={site} value={unprotected} onChange={setUnprotected} />
      )}
      <Notice kind="danger" title="What is revoked stays revoked">
        <div className={classes.body}>
          {kind !== 'nothing' && (
            <TextInput
              label="Why (kept in the list)"
              value={why}
              maw="40rem"
              maxLength={200}
              onChange={(event) => setWhy(event.currentTarget.value)}
            />
          )}
          {field}
          <div className={classes.foot}>
            <InkButton act="danger" refusal={refusal ?? lackOf(order, why) ?? untyped} onClick={begin}>
              {kind === 'nothing' ? 'Hand the list out again' : workWords.revoke.begin}
            </InkButton>
          </div>
        </div>
      </Notice>
    </>
  );
}

function orderOf(
  kind: Kind,
  { server, lost, serial }: { readonly server: string; readonly lost: boolean; readonly serial: string },
): RevokeRequest {
  switch (kind) {
    case 'server':
      return { kind, server, lost };
    case 'serial':
      return { kind, serial: serial.trim() };
    case 'nothing':
      return { kind };
  }
}

/** What is still needed, as the end of "Not now: …". Pure. */
function lackOf(order: RevokeRequest, why: string): string | null {
  if (order.kind === 'nothing') return null;
  if (order.kind === 'server' && order.server === '') return 'no server is chosen yet';
  if (order.kind === 'serial' && order.serial === '') return 'the serial number is not given yet';
  return why.trim() === '' ? 'the reason is not given yet' : null;
}

function withCertificates({ site }: SiteSight): string[] {
  return site.servers.filter(({ part }) => part === 'member' || part === 'witness').map(({ id }) => id);
}
