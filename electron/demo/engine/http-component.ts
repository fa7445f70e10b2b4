import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { EventRate } from '../event-rate.ts';
import { componentGuid, factsWithoutQueue, type Component, type ComponentFacts } from './component.ts';
import type { HttpConfig } from './engine-config.ts';
import type { Faults } from './faults.ts';

export interface HttpComponentOptions {
  readonly cluster: string;
  readonly server: string;
  readonly http: HttpConfig;
  readonly autostart: boolean;
  readonly faults: Faults;
  readonly bootMs: () => number;
}

/** An HTTP channel without a queue: it answers every request with the name of the server that it runs on. */
export class HttpComponent implements Component {
  readonly guid: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly #options: HttpComponentOptions;
  readonly #in: EventRate;
  #received = 0;
  #errors = 0;
  #server: Server | undefined;

  constructor(options: HttpComponentOptions) {
    this.#options = options;
    this.name = options.http.name;
    this.guid = componentGuid(options.cluster, this.name);
    this.tags = options.autostart ? ['http', 'autostart'] : ['http'];
    this.#in = new EventRate(options.bootMs);
  }

  isOn(): boolean {
    return this.#server !== undefined;
  }

  facts(): ComponentFacts {
    return factsWithoutQueue(this.isOn(), { received: this.#received, errors: this.#errors, rate: this.#in });
  }

  async start(): Promise<Result<void, string>> {
    if (this.#server) return fail(`${this.name} runs already`);
    const { faults, server: by, http } = this.#options;
    const server = createServer((_request, response) => {
      this.#received += 1;
      this.#in.count();
      if (!faults.is('hang-all')) response.setHeader('Content-Type', 'text/plain').end(by);
    });
    this.#server = server;
    try {
      server.listen(http.port, http.address);
      await once(server, 'listening');
    } catch (error) {
      this.#server = undefined;
      this.#errors += 1;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      return fail(`cannot listen on ${http.address}:${http.port} (${code})`);
    }
    return succeed(undefined);
  }

  stop(): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
    return Promise.resolve();
  }
}
