import { CircleDashed, CirclePause, CirclePlay, CircleQuestionMark } from 'lucide-react';
import type { PresentedRole } from '../../shared/fleet/member-role.ts';
import { roleHelp } from '../../shared/help/states.ts';
import { Chip } from './chip.tsx';

interface RoleChipProps {
  readonly role: PresentedRole;
  /** In something that takes the focus itself: it explains nothing then. */
  readonly plain?: boolean;
}

/** Role of a member as observed. Unknown is hatched and dashed and says what it was. */
export function RoleChip({ role, plain = false }: RoleChipProps) {
  const help = plain ? undefined : roleHelp[role.kind];
  switch (role.kind) {
    case 'active':
      return (
        <Chip tone="active" shape="pill" icon={CirclePlay} help={help}>
          {role.word}
        </Chip>
      );
    case 'passive':
      return (
        <Chip tone="passive" shape="pill" icon={CirclePause} help={help}>
          {role.word}
        </Chip>
      );
    case 'taking-over':
    case 'stopping':
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed} help={help}>
          {role.word}
        </Chip>
      );
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark} help={help}>
          {role.word}
        </Chip>
      );
  }
}
