import { Card } from '../../components/card.tsx';
import { siteDesigns } from '../../../shared/setup/draft.ts';
import { designs } from '../../../shared/setup/designs.ts';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { AdvisedDesign } from './advised-design.tsx';
import { DesignDrawing } from './design-drawing.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** The two designs beside each other, as words and drawing. */
export function DesignStep() {
  const { draft, edit } = useSetup();
  return (
    <>
      <AdvisedDesign />
      <div className={classes.designs} role="radiogroup" aria-label="Design">
        {siteDesigns.map((name) => {
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
                  {designTitles[name]}
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
    </>
  );
}
