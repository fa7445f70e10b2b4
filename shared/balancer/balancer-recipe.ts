import { assertNever } from '../result.ts';
import type { SiteDocument } from '../site/site-document.ts';
import type { KeptBalancerKind } from './balancer-kinds.ts';
import { f5Recipe } from './f5-recipe.ts';
import { genericRecipe } from './generic-recipe.ts';
import { haproxySections } from './haproxy-config.ts';
import { keepalivedRecipe } from './keepalived-recipe.ts';
import { nginxPlusRecipe, nginxRecipe } from './nginx-recipe.ts';
import { notSetUpByUs, type BalancerRecipe } from './recipe.ts';

/** What people put on a balancer of that kind so that it serves this site. Pure. */
export function balancerRecipe(site: SiteDocument, kind: KeptBalancerKind): BalancerRecipe {
  switch (kind) {
    case 'own-haproxy':
      return ownHaproxyRecipe(site);
    case 'f5':
      return f5Recipe(site);
    case 'nginx':
      return nginxRecipe(site);
    case 'nginx-plus':
      return nginxPlusRecipe(site);
    case 'keepalived':
      return keepalivedRecipe(site);
    case 'generic':
      return genericRecipe(site);
    default:
      return assertNever(kind);
  }
}

function ownHaproxyRecipe(site: SiteDocument): BalancerRecipe {
  return {
    files: [
      {
        title: 'HAProxy',
        place: 'at the end of /etc/haproxy/haproxy.cfg, or a file beside it that the service reads too',
        text: haproxySections(site),
      },
    ],
    steps: [
      'Put the sections behind those that are there. They take nothing from your defaults.',
      'Let it be judged and take it over: haproxy -c -f /etc/haproxy/haproxy.cfg, then systemctl reload haproxy.',
      'Let this machine reach the listeners and the /active ports of both members.',
    ],
    limits: [notSetUpByUs],
  };
}
