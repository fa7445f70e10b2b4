import { CircleDashed, CirclePause, CirclePlay, CircleQuestionMark } from 'lucide-react';
import type { PresentedRole } from '../../shared/fleet/member-role.ts';
import { Chip } from './chip.tsx';

/** Role of a member as observed. Unknown is hatched and dashed and says what it was. */
export function RoleChip({ role }: { readonly role: PresentedRole }) {
  switch (role.kind) {
    case 'active':
      return (
        <Chip tone="active" shape="pill" icon={CirclePlay}>
          {role.word}
        </Chip>
      );
    case 'passive':
      return (
        <Chip tone="passive" shape="pill" icon={CirclePause}>
          {role.word}
        </Chip>
      );
    case 'taking-over':
    case 'stopping':
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          {role.word}
        </Chip>
      );
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark}>
          {role.word}
        </Chip>
      );
  }
}
