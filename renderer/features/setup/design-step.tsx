import { Card } from '../../components/card.tsx';
import type { SiteDesign } from '../../../shared/setup/draft.ts';
import { designs } from '../../../shared/setup/designs.ts';
import { DesignDrawing } from './design-drawing.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

const titles: Record<SiteDesign, string> = {
  'active-passive': 'Active–Passive',
  'multi-cluster': 'Active–Passive Multi-Cluster',
};

/** The two designs beside each other, as words and drawing. */
export function DesignStep() {
  const { draft, edit } = useSetup();
  const names = ['active-passive', 'multi-cluster'] as const;
  return (
    <div className={classes.designs} role="radiogroup" aria-label="Design">
      {names.map((name) => {
        const design = designs[name];
        const chosen = draft.design === name;
        return (
          <Card
            key={name}
            title={
              <label className={classes.choice}>
                <input
                  type="radio"
                  name="design"
                  checked={chosen}
                  onChange={() => edit((now) => ({ ...now, design: name }))}
                />
                {titles[name]}
              </label>
            }
            className={chosen ? classes.chosen! : ''}
          >
            <DesignDrawing design={name} />
            <div className={classes.designText}>
              <p>{design.concept}</p>
              {design.points.map(({ title, lines }) => (
                <section key={title}>
                  <h3>{title}</h3>
                  <ul>
                    {lines.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          </Card>
        );
      })}
    </div>
  );
}
