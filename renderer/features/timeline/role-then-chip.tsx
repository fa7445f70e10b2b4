import { CircleDashed, CirclePause, CirclePlay, CircleQuestionMark } from 'lucide-react';
import { Chip } from '../../components/chip.tsx';

/** A role of the past, by the word of the journal. Null: not known. */
export function RoleThenChip({ role, words }: { readonly role: string | null; readonly words?: string }) {
  switch (role) {
    case 'active':
      return (
        <Chip tone="active" shape="pill" icon={CirclePlay}>
          {words ?? 'Active'}
        </Chip>
      );
    case 'passive':
      return (
        <Chip tone="passive" shape="pill" icon={CirclePause}>
          {words ?? 'Passive'}
        </Chip>
      );
    case null:
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark}>
          {words ?? 'Not known'}
        </Chip>
      );
    default:
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          {words ?? role.replaceAll('-', ' ')}
        </Chip>
      );
  }
}
