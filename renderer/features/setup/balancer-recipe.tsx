import { CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { balancerTitles, type KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import { balancerRecipe } from '../../../shared/balancer/balancer-recipe.ts';
import { notAtStake, type RecipeFile } from '../../../shared/balancer/recipe.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import { balancedSite } from '../../../shared/setup/site-from-draft.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What people put on a balancer of their own: texts to copy, what to do with them, and what is not promised then. */
export function BalancerRecipe({ kind }: { readonly kind: KeptBalancerKind }) {
  const { draft } = useSetup();
  const site = setupGaps(draft, 'balancer').length === 0 ? balancedSite(draft) : null;
  if (!site) {
    return (
      <Card title={`Recipe for ${balancerTitles[kind]}`}>
        <p className={classes.note}>It is made from the clusters and the address as soon as both are said.</p>
      </Card>
    );
  }
  const { files, steps, limits } = balancerRecipe(site, kind);
  return (
    <>
      {files.map((file) => (
        <FileCard key={file.title} file={file} />
      ))}
      <Card title="What to do with it">
        <ol className={classes.lines}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Card>
      <Card title={`What is not promised with ${balancerTitles[kind]}`}>
        <ul className={classes.limits}>
          {limits.map(({ what, costs }) => (
            <li key={what}>
              <StateIcon state="warn" />
              <span>
                <b>{what}</b> {costs}
              </span>
            </li>
          ))}
        </ul>
        <p className={classes.note}>{notAtStake}</p>
      </Card>
    </>
  );
}

function FileCard({ file: { title, place, text } }: { readonly file: RecipeFile }) {
  return (
    <Card
      title={title}
      note={place}
      right={
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <InkButton
              aria-label={`Copy ${title}`}
              leftSection={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </InkButton>
          )}
        </CopyButton>
      }
    >
      <pre className={`${classes.recipe} mono`} tabIndex={0} role="region" aria-label={`Text: ${title}`}>
        {text}
      </pre>
    </Card>
  );
}
