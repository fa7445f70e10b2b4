import { Plus } from 'lucide-react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { etcdPort, type DraftLeaseStore } from '../../../shared/setup/draft.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { Field, PortField } from './fields.tsx';
import { Secret } from './secret-field.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

type DraftEtcd = Extract<DraftLeaseStore, { kind: 'etcd' }>;

/** An etcd that is there already: where it is, how members sign in, and whether it may keep leases. */
export function EtcdCards({ etcd }: { readonly etcd: DraftEtcd }) {
  const { edit, gapOf } = useSetup();
  const change = (part: Partial<DraftEtcd>) => edit((now) => ({ ...now, leaseStore: { ...etcd, ...part } }));
  const gap = gapOf('');
  return (
    <>
      {gap && <p className={classes.gap}>{gap}</p>}
      <Endpoints etcd={etcd} onChange={change} />
      <Card title="Sign-in" note="the same for every member; copied to their servers, readable by root alone">
        <div className={classes.form}>
          <div className={classes.row}>
            <File
              etcd={etcd}
              field="authorityFile"
              label="etcd’s authority (PEM file here)"
              onChange={change}
            />
            <File etcd={etcd} field="certificateFile" label="Client certificate" onChange={change} />
            <File etcd={etcd} field="keyFile" label="Its private key" onChange={change} />
          </div>
          <div className={classes.row}>
            <Field
              field="leaseStore.prefix"
              label="Prefix"
              description="Everything of this site stands below it. It ends with the site’s short name."
              value={etcd.prefix}
              onValue={(prefix) => change({ prefix })}
            />
            <Field
              field="leaseStore.user"
              label="User, where etcd has users"
              description="The certificate must then have no common name."
              value={etcd.user}
              onValue={(user) => change({ user })}
            />
            {etcd.user !== '' && <Secret server={null} kind="etcd-password" label="Password of that user" />}
          </div>
        </div>
        <p className={classes.note}>
          Whoever may write below the prefix may grant a lease: give that right to this user alone.
        </p>
      </Card>
      <Check />
    </>
  );
}

function Endpoints(props: {
  readonly etcd: DraftEtcd;
  readonly onChange: (part: Partial<DraftEtcd>) => void;
}) {
  const { endpoints } = props.etcd;
  const change = (place: number, part: Partial<DraftEtcd['endpoints'][number]>) =>
    props.onChange({
      endpoints: endpoints.map((one, index) => (index === place ? { ...one, ...part } : one)),
    });
  return (
    <Card title="Endpoints" note="1, 3 or 5, by address; always over TLS with certificates on both sides">
      <div className={classes.form}>
        {endpoints.map(({ address, port, certificateName }, index) => {
          const at = (field: string) => `leaseStore.endpoints.${index}.${field}`;
          return (
            <div key={index} className={classes.row} role="group" aria-label={`Endpoint ${index + 1}`}>
              <Field
                field={at('address')}
                label={`Address ${index + 1}`}
                placeholder="10.20.9.5"
                value={address}
                onValue={(value) => change(index, { address: value })}
              />
              <PortField
                field={at('port')}
                label="Port"
                value={port}
                onValue={(value) => change(index, { port: value })}
              />
              <Field
                field={at('certificateName')}
                label="Name in its certificate"
                placeholder="the address"
                value={certificateName}
                onValue={(value) => change(index, { certificateName: value })}
              />
              <div className={classes.atEnd}>
                <InkButton
                  act="back"
                  aria-label={`Take endpoint ${index + 1} out`}
                  onClick={() =>
                    props.onChange({ endpoints: endpoints.filter((_, place) => place !== index) })
                  }
                >
                  Take it out
                </InkButton>
              </div>
            </div>
          );
        })}
        <div className={classes.buttons}>
          <InkButton
            leftSection={<Plus aria-hidden />}
            onClick={() =>
              props.onChange({
                endpoints: [...endpoints, { address: '', port: etcdPort, certificateName: '' }],
              })
            }
          >
            Add an endpoint
          </InkButton>
        </div>
      </div>
    </Card>
  );
}

function File(props: {
  readonly etcd: DraftEtcd;
  readonly field: 'authorityFile' | 'certificateFile' | 'keyFile';
  readonly label: string;
  readonly onChange: (part: Partial<DraftEtcd>) => void;
}) {
  const { etcd, field, label, onChange } = props;
  return (
    <Field
      field={`leaseStore.${field}`}
      label={label}
      placeholder="/home/me/etcd/…"
      value={etcd[field]}
      onValue={(value) => onChange({ [field]: value })}
    />
  );
}

/** Tries it before anything depends on it. */
function Check() {
  const { view, act, elapsedMs } = useSetup();
  const { work, checked } = view.etcd;
  const running = work.state === 'running';
  return (
    <Card
      title="Is it fit?"
      note={checked === null ? 'not tried yet' : `tried ${formatSpan(checked.ageMs + elapsedMs)} ago`}
      right={
        <InkButton idle={running} onClick={() => void act({ act: 'check-etcd' })}>
          {checked === null ? 'Try it' : 'Try it again'}
        </InkButton>
      }
    >
      {running && (
        <Notice kind="waiting" title={`${work.awaits} for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          Sign-in, version, quorum, rights below the prefix, a confirmed write and read. It usually takes a
          few seconds; an endpoint that does not answer is waited for ten.
        </Notice>
      )}
      {!running &&
        work.errors.map((error) => <ErrorNotice key={`${error.code} ${error.message}`} error={error} />)}
      {checked && <Seen checked={checked} />}
      {checked === null && !running && (
        <p className={classes.note}>
          This workstation signs in as a member will and writes one small key for each cluster; every member
          is asked how quickly it reaches the endpoints. The installation tries it once more from each member
          before anything is configured.
        </p>
      )}
    </Card>
  );
}

function Seen({ checked }: { readonly checked: NonNullable<SetupView['etcd']['checked']> }) {
  const { endpoints, ways, refusals } = checked;
  return (
    <ul className={classes.limits}>
      {refusals.map((refusal) => (
        <li key={refusal}>
          <StateIcon state="danger" />
          <b>{refusal}</b>
        </li>
      ))}
      {endpoints.map(({ endpoint, version, why, roundTripMs }) => (
        <li key={endpoint}>
          <StateIcon state={why === null ? 'ok' : 'warn'} />
          <span>
            <b>{endpoint}</b>{' '}
            {why ??
              `version ${version ?? '?'}, a confirmed write and read in ${Math.round(roundTripMs ?? 0)} ms`}
          </span>
        </li>
      ))}
      {ways.map(({ from, endpoint, rttMs }) => (
        <li key={`${from} ${endpoint}`}>
          <StateIcon state={rttMs === null ? 'warn' : 'ok'} />
          <span>
            <b>{from}</b>{' '}
            {rttMs === null ? `does not reach ${endpoint}` : `reaches ${endpoint} in ${rttMs.toFixed(1)} ms`}
          </span>
        </li>
      ))}
    </ul>
  );
}
