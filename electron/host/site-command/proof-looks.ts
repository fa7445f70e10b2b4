import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { KeptLook } from '../../../shared/verification/kept-verification.ts';

/**
 * The look that a person has named. Pure. Errors: request.invalid.
 *
 * @param looks the newest first
 * @param named number of a look, or how its SHA-256 begins
 */
export function lookNamed(looks: readonly KeptLook[], named: string): Result<KeptLook, ProductError> {
  const byNumber = looks.find(({ look }) => String(look) === named);
  const byHash = looks.filter(({ hash }) => named.length >= 8 && hash.startsWith(named));
  const found = byNumber ?? (byHash.length === 1 ? byHash[0] : undefined);
  if (found !== undefined) return succeed(found);
  const said =
    byHash.length > 1
      ? `More than one look begins with sha256 ${named}.`
      : `No look ${named} of this move is kept.`;
  return fail(productError('request.invalid', said, looks.map(lookLine)));
}

/** What is kept of a move for choosing; nothing where there is one look only. */
export function looksTold(looks: readonly KeptLook[]): string[] {
  return looks.length < 2
    ? []
    : ['', 'Kept, the newest first:', ...looks.map((look) => `  ${lookLine(look)}`)];
}

function lookLine({ look, hash, checkedAt, violated, unknown, judgements, signedBy }: KeptLook): string {
  return [
    `look ${look}, ${checkedAt}, sha256 ${hash.slice(0, 12)}`,
    `${violated} VIOLATED, ${unknown} UNKNOWN`,
    ...(judgements > 0 ? [`${judgements} judged`] : []),
    ...(signedBy.length > 0 ? [`signed by ${signedBy.join(' and ')}`] : []),
  ].join(', ');
}
