import type { Page } from 'playwright';
import type { AdvisorFixtureName } from './advisor-fixtures.ts';
import type { FixtureName } from './fixtures.ts';
import type { DrillsFixtureName } from './drills-fixtures.ts';
import type { PatchFixtureName } from './patch-fixtures.ts';
import type { NotificationsFixtureName } from './notifications-fixture.ts';
import type { ReadinessFixtureName } from './readiness-fixtures.ts';
import type { ServersFixtureName } from './servers-fixtures.ts';
import type { SetupFixtureName } from './setup-fixtures.ts';
import type { VerifiedMoveName } from './verification-fixture.ts';

/** One picture: a site, a place in the page, and what a person did there. */
export interface ScreenState {
  readonly name: string;
  readonly fixture: FixtureName;
  readonly hash: string;
  /** What the page saw half a minute ago. */
  readonly past?: FixtureName;
  readonly act?: (page: Page) => Promise<void>;
  readonly setup?: SetupFixtureName;
  readonly servers?: ServersFixtureName;
  readonly advisor?: AdvisorFixtureName;
  /** How the last move is verified; null: that is under way. */
  readonly verified?: VerifiedMoveName | null;
  readonly readiness?: ReadinessFixtureName;
  readonly drills?: DrillsFixtureName;
  readonly patch?: PatchFixtureName;
  readonly notifications?: NotificationsFixtureName;
  /** The first start on a workstation. */
  readonly isFirst?: boolean;
}
