import type { SiteDesign } from '../../../shared/setup/draft.ts';
import classes from './setup.module.css';

/** A drawing of a design: load balancer above, two servers, storage below; solid is Active, outlined Passive. */
export function DesignDrawing({ design }: { readonly design: SiteDesign }) {
  const clusters = design === 'active-passive' ? ['WK1'] : ['WK1', 'WK2'];
  const label =
    design === 'active-passive'
      ? 'The load balancer sends to the Active on server A; server B is Passive; both see the same storage.'
      : 'WK1 is Active on server A and Passive on server B, WK2 the other way round; each has a storage of its own.';
  return (
    <svg className={classes.drawing} viewBox="0 0 360 176" role="img" aria-label={label}>
      <rect className={classes.box} x="120" y="6" width="120" height="26" rx="6" />
      <text x="180" y="23" textAnchor="middle">
        load balancer
      </text>
      {['server A', 'server B'].map((name, column) => {
        const x = 20 + column * 180;
        return (
          <g key={name}>
            <rect className={classes.box} x={x} y="54" width="140" height="70" rx="8" />
            <text x={x + 70} y="70" textAnchor="middle" className={classes.drawnLabel}>
              {name}
            </text>
            {clusters.map((cluster, row) => {
              const active = column === row % 2;
              const y = clusters.length === 1 ? 88 : 78 + row * 23;
              return (
                <g key={cluster}>
                  <rect
                    className={active ? classes.drawnActive : classes.drawnPassive}
                    x={x + 14}
                    y={y}
                    width="112"
                    height="19"
                    rx="9.5"
                  />
                  <text
                    x={x + 70}
                    y={y + 13.5}
                    textAnchor="middle"
                    className={active ? classes.onActive : classes.onPassive}
                  >
                    {cluster} {active ? 'Active' : 'Passive'}
                  </text>
                </g>
              );
            })}
          </g>
        );
      })}
      <path className={classes.carries} d="M150 32 L90 54" />
      <path className={design === 'active-passive' ? classes.ready : classes.carries} d="M210 32 L270 54" />
      {clusters.map((cluster, index) => {
        const x = clusters.length === 1 ? 120 : 40 + index * 160;
        return (
          <g key={cluster}>
            <rect className={classes.box} x={x} y="146" width="120" height="24" rx="6" />
            <text x={x + 60} y="162" textAnchor="middle">
              storage {cluster}
            </text>
            <path className={index === 0 ? classes.carries : classes.ready} d={`M90 124 L${x + 40} 146`} />
            <path className={index === 1 ? classes.carries : classes.ready} d={`M270 124 L${x + 80} 146`} />
          </g>
        );
      })}
    </svg>
  );
}
