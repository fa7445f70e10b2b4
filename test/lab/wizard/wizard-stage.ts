import type { Page } from 'playwright';
import type { LabLayout } from '../hosts/layout.ts';
import type { Pictures } from './pictures.ts';
import type { WizardScreen } from './wizard-screen.ts';

/** The wizard in a browser, and what is around it. */
export interface WizardStage {
  readonly lab: LabLayout;
  readonly page: Page;
  readonly screen: WizardScreen;
  readonly pictures: Pictures;
  readonly tell: (line: string) => void;
}
