import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import { SecretField } from '../../components/secret-field.tsx';
import { useSetup } from './use-setup.ts';

/** A secret of the setup. */
export function Secret(props: {
  /** Whose it is: a server or a jump host; null: it belongs to no single one. */
  readonly server: { readonly id: string } | null;
  readonly kind: SecretKind;
  readonly label: string;
}) {
  const { view, act } = useSetup();
  const { kind, label } = props;
  const id = props.server?.id ?? '';
  const kept = props.server
    ? view.reach.find(({ server }) => server === id)?.has.includes(kind)
    : view.sharedSecrets.includes(kind);
  return (
    <SecretField
      label={label}
      isKept={kept ?? false}
      give={(value) => act({ act: 'secret', server: id, kind, value })}
    />
  );
}
