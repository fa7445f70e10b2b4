import type { MemberEvidence } from '../../../shared/agent-api/member-evidence.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { ageNow, type MemberSight } from '../../../shared/fleet/sight.ts';
import type { FactState } from '../../components/state-icon.tsx';
import classes from './evidence.module.css';
import { Said } from './said.tsx';

const helps: Record<MemberEvidence['troubles'][number]['moveHelps'], string> = {
  yes: 'Moving the cluster helps.',
  perhaps: 'Moving the cluster may help.',
  no: 'Moving the cluster does not help.',
};

/** What is the matter with the engine, by name, with what to do. */
export function EngineTroubles(props: {
  readonly member: MemberSight;
  readonly troubles: MemberEvidence['troubles'];
}) {
  const { member, troubles } = props;
  const stopped = member.snapshot?.engine.process.value === 'stopped';
  return (
    <>
      <h3 className={classes.section}>Engine</h3>
      {troubles.length === 0 && (
        <Said state={member.silent ? 'unknown' : 'ok'} silent={member.silent}>
          <p>{stopped ? 'It is stopped, so it has no troubles.' : 'No trouble is known.'}</p>
        </Said>
      )}
      {troubles.map((trouble) => (
        <Said key={trouble.code} state="warn" silent={member.silent}>
          <p>
            {trouble.sentence} <span className="mono ink2">{trouble.code}</span>
          </p>
          <p className="ink2">
            <b>Next:</b> {trouble.next} {helps[trouble.moveHelps]}
          </p>
        </Said>
      ))}
    </>
  );
}

/** What the last look at the shared directory found, and whether somebody writes there too late. */
export function StorageLook(props: {
  readonly member: MemberSight;
  readonly storage: MemberEvidence['storage'];
}) {
  const { member, storage } = props;
  const { silent } = member;
  return (
    <>
      <h3 className={classes.section}>Storage</h3>
      {storage === null ? (
        <Said state="unknown" silent={silent}>
          <p>It was not looked at yet.</p>
        </Said>
      ) : (
        <>
          <Said state={storageState(storage.code)} silent={silent} ageMs={storageAge(member)}>
            <p>
              {storage.sentence}{' '}
              {storage.code !== 'fine' && <span className="mono ink2">{storage.code}</span>}
            </p>
            {storage.code !== 'fine' && (
              <p className="ink2">
                <b>Next:</b> {storage.next}
              </p>
            )}
          </Said>
          {storage.copy && (
            <Said state="warn" silent={silent} ageMs={storageAge(member)}>
              <p>{storage.copy.join(' ')}</p>
            </Said>
          )}
          {storage.code !== 'late-write' && <LateWriter member={member} lateWrite={storage.lateWrite} />}
        </>
      )}
    </>
  );
}

function LateWriter(props: {
  readonly member: MemberSight;
  readonly lateWrite: NonNullable<MemberEvidence['storage']>['lateWrite'];
}) {
  const { member, lateWrite } = props;
  if (lateWrite === null) {
    return (
      <Said state={member.silent ? 'unknown' : 'ok'} silent={member.silent}>
        <p>No late writer was seen under the present lease.</p>
      </Said>
    );
  }
  const ago = ageNow(member, lateWrite.agoMs);
  return (
    <Said state="danger" silent={member.silent}>
      <p>
        A late writer was seen {ago === null ? '' : `${formatSpan(ago)} ago`}: {lateWrite.seen}.
      </p>
      <p className="ink2">
        <b>Next:</b> find that server and stop its engine, or withdraw the storage from it.
      </p>
    </Said>
  );
}

function storageState(code: string): FactState {
  if (code === 'fine') return 'ok';
  return code === 'late-write' ? 'danger' : 'warn';
}

function storageAge(member: MemberSight): number | null {
  return ageNow(member, member.snapshot?.storage.proven.ageMs ?? null);
}
