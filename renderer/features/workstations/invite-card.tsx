import { NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { shortestPassphrase } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { consoleRoles } from '../../../shared/site/identity.ts';
import { acceptedNamed } from '../../../shared/workstations/workstation-standing.ts';
import {
  longestInvitationDays,
  usualInvitationDays,
  WorkstationName,
  type WorkstationsView,
} from '../../../shared/workstations/workstations-view.ts';
import { useConnection, useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { saveFile } from '../../components/save-file.ts';
import { productErrorOf } from '../../ipc/console-client.ts';
import { roleMeaning, roleWords } from './workstation-words.ts';
import classes from './workstations.module.css';

interface Typed {
  readonly name: string;
  readonly role: (typeof consoleRoles)[number];
  readonly days: number | string;
  readonly passphrase: string;
  readonly again: string;
}

const nothingTyped: Typed = {
  name: '',
  role: 'operator',
  days: usualInvitationDays,
  passphrase: '',
  again: '',
};

/** Why nobody can be invited yet, as the end of "Not now: …"; null: somebody can. Pure. */
export function inviteRefusal(
  { name, days, passphrase, again }: Typed,
  { refusal, workstations }: WorkstationsView,
  at: { readonly connected: boolean; readonly nowMs: number },
): string | null {
  if (refusal !== null) return refusal;
  if (!at.connected) return 'the console’s own program does not answer';
  if (name === '') return 'the workstation needs a name';
  if (!WorkstationName.safeParse(name).success) {
    return 'the name may have letters, digits, _ and - only, and begins with a letter or digit';
  }
  if (acceptedNamed(workstations, name, at.nowMs)) return `there is a workstation ${name} already`;
  const fits = typeof days === 'number' && days >= 1 && days <= longestInvitationDays;
  if (!fits) return `the days go from 1 to ${longestInvitationDays}`;
  const missing = shortestPassphrase - [...passphrase].length;
  if (missing > 0) return `${missing} more ${missing === 1 ? 'character is' : 'characters are'} needed`;
  return passphrase === again ? null : 'the two passphrases differ';
}

/** Makes a sealed file with which another workstation joins. */
export function InviteCard(props: {
  readonly view: WorkstationsView;
  readonly nowMs: number;
  readonly onView: (view: WorkstationsView) => void;
}) {
  const { view, nowMs, onView } = props;
  const { client } = useConsole();
  const { connected } = useConnection();
  const [typed, setTyped] = useState(nothingTyped);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const refusal = inviteRefusal(typed, view, { connected, nowMs });
  const invite = async () => {
    setMaking(true);
    setMade(null);
    setError(null);
    try {
      const { name, role, days, passphrase } = typed;
      const invitation = { name, role, days: Number(days) };
      const answer = await client.call('inviteWorkstation', { invitation, passphrase });
      saveFile(answer.fileName, answer.text);
      setMade(answer.fileName);
      setTyped(nothingTyped);
      onView(answer.view);
    } catch (thrown) {
      setError(productErrorOf(thrown));
    } finally {
      setMaking(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null && !making) void invite();
  };
  return (
    <Card title="Invite a workstation" note="with a certificate of its own">
      <form className={classes.form} onSubmit={submit}>
        {made !== null && (
          <Notice kind="done" title={`The invitation was given to you as ${made}.`}>
            Hand the file and its passphrase over on two different ways. There it is taken under “Open a
            site”, or with <span className="mono">npm run site -- join FILE --profile DIR</span>.
          </Notice>
        )}
        {error && <ErrorNotice error={error} />}
        <Whom typed={typed} onTyped={setTyped} />
        <p className="ink2">{roleMeaning[typed.role]}</p>
        <div className={classes.pair}>
          <PasswordInput
            label="Passphrase of the file"
            autoComplete="new-password"
            value={typed.passphrase}
            onChange={({ currentTarget }) => setTyped({ ...typed, passphrase: currentTarget.value })}
          />
          <PasswordInput
            label="The same again"
            autoComplete="new-password"
            value={typed.again}
            onChange={({ currentTarget }) => setTyped({ ...typed, again: currentTarget.value })}
          />
        </div>
        <div className={classes.foot}>
          <InkButton act="next" type="submit" refusal={making ? null : refusal} loading={making}>
            Make and save the invitation
          </InkButton>
        </div>
      </form>
    </Card>
  );
}

/** Who is invited, as what, and for how long. */
function Whom({ typed, onTyped }: { readonly typed: Typed; readonly onTyped: (typed: Typed) => void }) {
  const { name, role, days } = typed;
  return (
    <>
      <TextInput
        label="Name of the workstation"
        placeholder="duty-phone"
        value={name}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => onTyped({ ...typed, name: currentTarget.value })}
      />
      <div className={classes.pair}>
        <NativeSelect
          label="Role"
          value={role}
          data={consoleRoles.map((value) => ({ value, label: roleWords[value] }))}
          onChange={({ currentTarget }) =>
            onTyped({ ...typed, role: consoleRoles.find((one) => one === currentTarget.value) ?? role })
          }
        />
        <NumberInput
          label="Days until it ends"
          value={days}
          min={1}
          max={longestInvitationDays}
          onChange={(value) => onTyped({ ...typed, days: value })}
        />
      </div>
    </>
  );
}
