import { Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { KeptVerification, Signature } from '../../../shared/verification/kept-verification.ts';
import { countsOf } from '../../../shared/verification/verification.ts';
import { useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { useWriting } from './use-writing.ts';
import classes from './verification.module.css';

export interface SignFormProps {
  readonly kept: KeptVerification;
  readonly onWritten: (kept: KeptVerification) => void;
}

/** Signing keeps exactly what is shown, with its hash and a name. */
export function SignForm({ kept, onWritten }: SignFormProps) {
  const me = useSnapshot()?.me;
  const [comment, setComment] = useState('');
  const [name, setName] = useState(me?.name ?? '');
  const { write, writing, error } = useWriting('signVerification', kept, onWritten);
  const refusal = signRefusal(kept, name, me?.role ?? 'viewer');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== null || writing) return;
    if (await write({ name: name.trim(), comment: comment.trim() })) setComment('');
  };
  return (
    <form className={classes.sign} onSubmit={(event) => void submit(event)} aria-label="Sign">
      <h2>Sign</h2>
      {kept.signatures.length > 0 && (
        <ul className={classes.signatures} aria-label="Signatures">
          {kept.signatures.map((signature) => (
            <SignatureRow key={`${signature.name} ${signature.at}`} signature={signature} hash={kept.hash} />
          ))}
        </ul>
      )}
      <Textarea
        label="Comment"
        autosize
        minRows={2}
        maxRows={5}
        maxLength={1_000}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
      />
      <TextInput
        label="Name"
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {error && <ErrorNotice error={error} />}
      <p className="small ink3">Signing keeps this page as it is, with its hash. UNKNOWN stays UNKNOWN.</p>
      <InkButton act="next" type="submit" refusal={writing ? null : refusal} loading={writing}>
        {signWords(kept)}
      </InkButton>
    </form>
  );
}

function SignatureRow({ signature, hash }: { readonly signature: Signature; readonly hash: string }) {
  const { name, at, comment } = signature;
  return (
    <li>
      <b>{name}</b> <span className="small ink3">{formatWallTime(at)}</span>
      {signature.hash !== hash && <div className="small ink2">signed another look, or other judgements</div>}
      {comment !== '' && <div>{comment}</div>}
    </li>
  );
}

/** The button is named after what is signed, so that nobody overlooks what is open. */
function signWords({ verification }: KeptVerification): string {
  const { unknown, violated } = countsOf(verification);
  const open = [
    ...(violated > 0 ? [`${violated} VIOLATED`] : []),
    ...(unknown > 0 ? [`${unknown} UNKNOWN`] : []),
  ];
  return open.length === 0 ? 'Sign' : `Sign with ${open.join(' and ')}`;
}

/** Why it cannot be signed now, as the end of "Not now: …"; null: it can. */
function signRefusal(
  { signatures, hash, later }: KeptVerification,
  name: string,
  role: string,
): string | null {
  if (later !== undefined) return 'a later look or judgement is kept, and that one is signed';
  if (role === 'viewer') return 'a viewer may look and export, not sign';
  if (name.trim() === '') return 'write your name';
  const again = signatures.some((one) => one.name === name.trim() && one.hash === hash);
  return again ? `${name.trim()} has signed this` : null;
}
