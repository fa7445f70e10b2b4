import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/report/canonical-json.ts';

/** A report with the hash of its canonical JSON: whoever has the JSON can make the hash again. */
export function sealReport<Body extends object>(body: Body): Body & { readonly sha256: string } {
  return { ...body, sha256: createHash('sha256').update(canonicalJson(body), 'utf8').digest('hex') };
}
