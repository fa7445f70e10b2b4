import { Buffer } from 'node:buffer';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { fileBytesAtMost, tooLarge } from './read-bundle.ts';

type BundlePart = ConsoleRequest<'sendBundle'>;

/** A file that the page hands over part by part, since one message does not hold it. Only the newest one is kept. */
export interface BundleParts {
  /** All of it after the last part; null: more is to come. Errors: request.invalid, bundle.foreign. */
  take(part: BundlePart): Result<Uint8Array | null, ProductError>;
}

export function bundleParts(atMost = fileBytesAtMost): BundleParts {
  let upload = '';
  let parts: Buffer[] = [];
  const forget = () => {
    upload = '';
    parts = [];
  };
  return {
    take: (next) => {
      if (next.part === 0) {
        upload = next.upload;
        parts = [];
      }
      if (next.upload !== upload || next.part !== parts.length) {
        const said = `A part of ${next.name} is missing: another file was chosen meanwhile.`;
        return fail(productError('request.invalid', said, [], 'Choose the file again.'));
      }
      parts.push(Buffer.from(next.base64, 'base64'));
      if (parts.reduce((sum, { byteLength }) => sum + byteLength, 0) > atMost) {
        forget();
        return fail(tooLarge(next.name));
      }
      if (!next.last) return succeed(null);
      const whole = Buffer.concat(parts);
      forget();
      return succeed(whole);
    },
  };
}
