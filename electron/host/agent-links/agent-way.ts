import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';
import { agentTlsOptions, type ConsoleCredentials } from './agent-tls.ts';

/** Another way to an agent's port than a TCP connection from this workstation. */
export interface AgentWay {
  /** Whether this agent is reached by it. */
  leadsTo(endpoint: AgentEndpoint): boolean;
  open(endpoint: AgentEndpoint): Promise<Result<Duplex, ProductError>>;
}

/** Why there is no way, in the product's own words. */
export class NoWayError extends Error {
  readonly error: ProductError;

  constructor(error: ProductError) {
    super(error.message);
    this.error = error;
  }
}

type OnSocket = (error: Error | null, socket: Duplex) => void;

/** A part of the options of Node's HTTP client. */
interface ConnectionMaker {
  createConnection: (options: unknown, done: OnSocket) => undefined;
}

/**
 * Options for Node's HTTPS client and for WebSockets that make them go over the way, with TLS to the
 * agent inside it: whoever carries the bytes cannot read or change them. Empty where no way is needed.
 */
export function overWay(
  way: AgentWay | undefined,
  endpoint: AgentEndpoint,
  credentials: ConsoleCredentials,
): ConnectionMaker | Record<string, never> {
  if (!way?.leadsTo(endpoint)) return {};
  return {
    createConnection: (_options, done) => {
      // With an error the socket is not looked at.
      const refuse = (error: Error) => done(error, undefined as never);
      void way.open(endpoint).then((opened) => {
        if (!opened.ok) return refuse(new NoWayError(opened.error));
        const carrier = opened.value;
        const socket = connect({ ...agentTlsOptions(credentials, endpoint.identity), socket: carrier });
        socket.once('close', () => carrier.destroy());
        carrier.once('close', () => socket.destroy());
        done(null, socket);
      }, refuse);
      return undefined;
    },
  };
}
