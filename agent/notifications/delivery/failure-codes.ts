import {
  deliveryFailed,
  type DeliveryAnswer,
  type DeliveryFailureCode,
} from '../../../shared/notifications/delivery.ts';

const byErrorCode: Readonly<Record<string, DeliveryFailureCode>> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-refused',
  EPIPE: 'connection-refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timed-out',
};

/** By which TLS says that it does not trust a certificate. */
const certificateWords = /certificate|self.signed|altnames|CERT_|ERR_TLS/i;

/**
 * What an error of a connection means; undefined: it says nothing about the connection. The mail library puts a code of
 * its own in place of the system's, which then stands in the message only.
 */
export function connectionFailure(error: unknown, place: string): DeliveryAnswer | undefined {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  const known = [code, ...message.split(/\W+/)].find((word) => Object.hasOwn(byErrorCode, word));
  if (known !== undefined) return deliveryFailed(byErrorCode[known]!, `${place}: ${known}.`);
  if (certificateWords.test(`${code} ${message}`)) {
    return deliveryFailed('certificate-refused', `${place}: its certificate is not accepted: ${message}.`);
  }
  return undefined;
}
