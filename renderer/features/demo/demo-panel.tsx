import { NativeSelect } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { demoFaultKinds, type DemoFaultKind } from '../../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole, useUi } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import classes from './demo-panel.module.css';
import { actWords, faultKinds, faultRequest, faultWords, links, type FaultChoice } from './fault-words.ts';

/** Faults of the demo site: inject, see what is in force, heal. Stays open beside the screens. */
export function DemoPanel({ site }: { readonly site: SiteSight }) {
  const { ui } = useConsole();
  const open = useUi((state) => state.demoOpen);
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open) panel.current?.focus();
  }, [open]);
  if (!open) return null;
  const close = () => ui.getState().setDemoOpen(false);
  return (
    <section
      className={classes.panel}
      ref={panel}
      tabIndex={-1}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div className={classes.head}>
        <h2 id={titleId}>Faults of the demo site</h2>
        <InkButton act="back" onClick={close} aria-label="Close the faults">
          <X aria-hidden />
        </InkButton>
      </div>
      <div className={classes.body}>
        <FaultForm site={site} />
      </div>
    </section>
  );
}

function FaultForm({ site }: { readonly site: SiteSight }) {
  const act = useFaultCalls();
  const members = site.site.servers.filter((server) => server.part === 'member');
  const [choice, setChoice] = useState<FaultChoice>({
    kind: 'kill-server',
    server: members[0]?.id ?? '',
    cluster: site.site.clusters[0]?.id ?? '',
    link: links(site.site)[0]?.value ?? '',
  });
  const { needs, expect } = faultKinds[choice.kind];
  return (
    <>
      <NativeSelect
        label="What"
        value={choice.kind}
        onChange={(event) => setChoice({ ...choice, kind: event.currentTarget.value as DemoFaultKind })}
        data={demoFaultKinds.map((kind) => ({ value: kind, label: faultKinds[kind].label }))}
      />
      {needs === 'member' && (
        <NativeSelect
          label="Cluster"
          value={choice.cluster}
          onChange={(event) => setChoice({ ...choice, cluster: event.currentTarget.value })}
          data={site.site.clusters.map((cluster) => cluster.id)}
        />
      )}
      {(needs === 'member' || needs === 'server') && (
        <NativeSelect
          label="Server"
          value={choice.server}
          onChange={(event) => setChoice({ ...choice, server: event.currentTarget.value })}
          data={members.map((server) => ({ value: server.id, label: server.name }))}
        />
      )}
      {needs === 'link' && (
        <NativeSelect
          label="Link"
          value={choice.link}
          onChange={(event) => setChoice({ ...choice, link: event.currentTarget.value })}
          data={links(site.site)}
        />
      )}
      <div className="small ink2">{expect}</div>
      {act.error && <ErrorNotice error={act.error} />}
      <div className={classes.actions}>
        <InkButton idle={act.pending} onClick={() => act.inject(faultRequest(choice))}>
          {actWords(site.site, choice)}
        </InkButton>
      </div>
      <InForce site={site} pending={act.pending} onHeal={act.heal} />
    </>
  );
}

function InForce(props: {
  readonly site: SiteSight;
  readonly pending: boolean;
  readonly onHeal: () => void;
}) {
  const { site, elapsedMs } = props.site;
  return (
    <>
      <h3>In force now</h3>
      {site.faults.length === 0 ? (
        <div className="ink2">No fault. The demo runs as a healthy site.</div>
      ) : (
        <ul className={classes.faults}>
          {site.faults.map((fault) => (
            <li key={`${fault.kind} ${fault.server} ${fault.cluster} ${fault.other}`}>
              <span>{faultWords(site, fault)}</span>
              <span className="small ink2 num">for {formatSpan(fault.sinceMs + elapsedMs)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.actions}>
        <InkButton idle={props.pending} onClick={props.onHeal}>
          Heal all, boot what was killed
        </InkButton>
      </div>
    </>
  );
}

function useFaultCalls() {
  const { client } = useConsole();
  const [error, setError] = useState<ProductError | null>(null);
  const [pending, setPending] = useState(false);
  function run(call: Promise<unknown>): void {
    setPending(true);
    setError(null);
    call.then(
      () => setPending(false),
      (thrown: unknown) => {
        setPending(false);
        setError(productErrorOf(thrown));
      },
    );
  }
  return {
    error,
    pending,
    inject: (request: ConsoleRequest<'injectFault'>) => run(client.call('injectFault', request)),
    heal: () => run(client.call('healAll', {})),
  };
}
