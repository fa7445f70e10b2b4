import type { ReactNode } from 'react';
import type { PatchStanding } from '../../../shared/patching/patch-standing.ts';
import type { PatchDirection } from '../../../shared/patching/patch-view.ts';
import { GuidedFrame } from '../operations/guided-page.tsx';
import { PatchLive } from './patch-live.tsx';

const outSteps = ['Blockers', 'Plan', 'Confirm', 'Moving away', 'Patch it', 'Bring it back'] as const;
const backSteps = ['Blockers', 'Plan', 'Confirm', 'Moving back', 'In service'] as const;
export type PatchPageStep = (typeof outSteps)[number] | (typeof backSteps)[number];

export interface PatchFrameProps {
  readonly standing: PatchStanding;
  readonly direction: PatchDirection;
  readonly title: string;
  readonly chip: ReactNode;
  readonly current: PatchPageStep;
  readonly notes: Partial<Record<PatchPageStep, string>>;
  readonly foot: ReactNode;
  readonly children: ReactNode;
}

/** The panel of a patch, in whichever step it is. */
export function PatchFrame({ standing, direction, ...props }: PatchFrameProps) {
  const moving = props.current !== 'Patch it' && props.current !== 'In service';
  return (
    <GuidedFrame
      {...props}
      way={[{ words: 'Servers', to: { page: 'servers' } }]}
      crumb={direction === 'out' ? `Patch ${standing.name}` : `Bring ${standing.name} back`}
      steps={direction === 'out' ? outSteps : backSteps}
      live={
        <PatchLive
          standing={standing}
          meanwhile={
            moving
              ? 'Senders of a cluster that moves wait for an answer and send again. The others are not touched.'
              : null
          }
        />
      }
    />
  );
}
