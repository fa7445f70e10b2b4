import type { BalancerView, DemoFault, TrafficView } from '../../shared/console-ipc/console-snapshot.ts';
import type { ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';

export type DemoFaultRequest = ConsoleRequest<'injectFault'>;

/** What the host needs of a running demo site. */
export interface DemoSitePort {
  readonly site: SiteDocument;
  /** Console profile of the demo, also for `ixha --profile`. */
  readonly profileDirectory: string;
  faults(): readonly DemoFault[];
  inject(fault: DemoFaultRequest): Promise<Result<void, ProductError>>;
  heal(): Promise<Result<void, ProductError>>;
  traffic(): Promise<readonly TrafficView[]>;
  balancer(): Promise<readonly BalancerView[]>;
  /** Ends every process of the demo; resolves when none is left. */
  stop(): Promise<void>;
}
