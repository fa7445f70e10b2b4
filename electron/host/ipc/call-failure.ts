import { productError, type ErrorCode, type ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';

/** Thrown by a handler to answer its call with a failure that the person is meant to read. */
export class CallFailure extends Error {
  readonly error: ProductError;

  constructor(error: ProductError) {
    super(error.message);
    this.name = 'CallFailure';
    this.error = error;
  }
}

export function callFailure(code: ErrorCode, message: string, details?: readonly string[]): CallFailure {
  return new CallFailure(productError(code, message, details));
}

/** The value of a result; its failure reaches the page. */
export function valueOf<Value>(result: Result<Value, ProductError>): Value {
  if (result.ok) return result.value;
  throw new CallFailure(result.error);
}
