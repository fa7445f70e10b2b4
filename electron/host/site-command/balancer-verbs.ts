import type { BalancerCheck } from '../../../shared/balancer/balancer-check.ts';
import { balancerTitles, isKept, type KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import { balancerRecipe } from '../../../shared/balancer/balancer-recipe.ts';
import { notAtStake } from '../../../shared/balancer/recipe.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { balancerRefusals } from '../../../shared/site/balancer-rules.ts';
import { senderAddress } from '../../../shared/balancer/balanced-site.ts';
import { verifyThroughSsh, type VerifyInputs } from '../balancer/verify-through-ssh.ts';
import type { SiteInstallFile } from '../install/install-file.ts';

/**
 * `site balancer`: what a balancer of that kind has to be told for this site. Where the site names another kind, the
 * same addresses are taken. Errors: site.unsafe (this kind cannot do what the site asks of it).
 */
export function showRecipe(
  site: SiteDocument,
  kind: KeptBalancerKind | undefined,
): Result<string[], ProductError[]> {
  const own = isKept(site.loadBalancer.kind) ? site.loadBalancer.kind : 'own-haproxy';
  const chosen = kind ?? own;
  const addresses = Object.fromEntries(
    site.clusters.map((cluster) => [cluster.id, senderAddress(site, cluster)]),
  );
  const wanted: SiteDocument = { ...site, loadBalancer: { kind: chosen, addresses } };
  const refusals = balancerRefusals(wanted);
  if (refusals.length > 0) {
    const said = `${balancerTitles[chosen]} cannot serve this site as described.`;
    return fail([productError('site.unsafe', said, refusals)]);
  }
  const { files, steps, limits } = balancerRecipe(wanted, chosen);
  return succeed([
    ...files.flatMap(({ title, place, text }) => [`==> ${title} (${place})`, text]),
    'What to do:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '',
    'What is not promised with it:',
    ...limits.flatMap(({ what, costs }) => [`  - ${what}`, `    ${costs}`]),
    '',
    notAtStake,
  ]);
}

/** `site verify`: which member answers through the balancer's address. Fails unless all of it was seen. */
export async function showVerification(
  { site }: SiteInstallFile,
  inputs: VerifyInputs & { readonly say: (check: BalancerCheck) => void },
): Promise<Result<string[], ProductError[]>> {
  const { checks } = await verifyThroughSsh(site, inputs);
  for (const check of checks) inputs.say(check);
  const open = checks.filter(({ verdict }) => verdict !== 'proven');
  if (open.length === 0) return succeed(['Every listener was seen to reach the Active.']);
  return fail([
    productError(
      'balancer.not-verified',
      `${open.length} of ${checks.length} listeners were not seen to reach the Active.`,
      open.map(({ listener, address, finding }) => `${listener} at ${address}: ${finding}`),
    ),
  ]);
}

/** One listener as text. */
export function verificationLines({ verdict, listener, address, finding, remedy }: BalancerCheck): string[] {
  return [
    `${verdict.padEnd(8)} ${listener} at ${address}: ${finding}`,
    ...(remedy === null ? [] : [`         Next: ${remedy}`]),
  ];
}
