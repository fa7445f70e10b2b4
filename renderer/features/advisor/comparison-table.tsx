import { compareDesigns, type ComparedPoint } from '../../../shared/advisor/comparison.ts';
import { knownSituation } from '../../../shared/advisor/known.ts';
import { siteDesigns, type SiteDesign } from '../../../shared/setup/draft.ts';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { Card } from '../../components/card.tsx';
import table from '../../components/table.module.css';
import classes from './advisor.module.css';
import { useAdvisor } from './use-advisor.ts';

/** Both designs point by point, and which of them suits the answers better. */
export function ComparisonTable() {
  const { answers, advice, view } = useAdvisor();
  const points = compareDesigns(knownSituation(answers));
  const standing = (design: SiteDesign) =>
    [
      advice.design === design && 'recommended',
      view.record.decision?.design === design && 'kept',
      view.installed?.design === design && 'installed',
    ].filter((word) => word !== false);
  return (
    <Card title="The two designs" note="point by point">
      <div className={table.scroll}>
        <table className={`${table.table} ${classes.comparison}`}>
          <thead>
            <tr>
              <th>Point</th>
              {siteDesigns.map((design) => (
                <th key={design}>
                  {designTitles[design]}
                  {standing(design).length > 0 && (
                    <span className={classes.standingChip}>{standing(design).join(', ')}</span>
                  )}
                </th>
              ))}
              <th className={table.right}>For your answers</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point, index) => (
              <tr key={point.topic}>
                <th scope="row">
                  <b>{point.topic}</b>
                  {points[index - 1]?.group !== point.group && (
                    <span className="small ink3"> {point.group}</span>
                  )}
                </th>
                {siteDesigns.map((design) => (
                  <td key={design} className={advice.design === design ? '' : 'ink2'}>
                    {point.texts[design]}
                  </td>
                ))}
                <td className={table.right}>
                  <Better point={point} recommended={advice.design} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

const shortTitles: Record<SiteDesign, string> = {
  'active-passive': 'Active–Passive',
  'multi-cluster': 'Multi-Cluster',
};

function Better({
  point,
  recommended,
}: {
  readonly point: ComparedPoint;
  readonly recommended: SiteDesign | null;
}) {
  if (point.better === 'same') return <span className="ink3">the same</span>;
  const words = `${shortTitles[point.better]} better`;
  return point.better === recommended ? <b>{words}</b> : <span className="ink2">{words}</span>;
}
