import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import { formatNumber, formatPercent } from '../../ui/format.ts';
import { lessonOf } from './lesson.ts';
import style from './LossBars.module.css';
import panel from './panel.module.css';

export interface LossBarsProps {
  readonly losses: PatchLosses;
  /** As shares of the losses of an empty estimate. */
  readonly shares: PatchLosses;
  /** How the estimate was made. */
  readonly changes: EstimateChanges;
  readonly onWhy: (loss: keyof PatchLosses) => void;
}

/** Bars reach this many times the loss of an empty estimate. */
const most = 2;

const rows = [
  { name: 'content', label: 'Content (4)', tone: 'content' },
  { name: 'direction', label: 'Direction (5)', tone: 'direction' },
  { name: 'parallel', label: 'k∥ alone', tone: 'half' },
  { name: 'perpendicular', label: 'k⊥ alone', tone: 'half' },
] as const;

/** The losses side by side, each relative to that of an empty estimate. */
export function LossBars({ losses, shares, changes, onWhy }: LossBarsProps) {
  return (
    <section className={style.bars} aria-labelledby="losses-title">
      <h2 id="losses-title" className={panel.title}>
        What each loss says
      </h2>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">Loss</th>
            <th scope="col" className={style.barHead}>
              relative to an empty estimate (<i>z</i> = 0)
            </th>
            <th scope="col">value (why?)</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, label, tone }) => (
            <tr key={name} data-loss={name}>
              <th scope="row" data-tone={tone}>
                {label}
              </th>
              <td>
                <span className={style.track}>
                  <span
                    className={style.bar}
                    data-tone={tone}
                    style={{ width: `${Math.min(1, shares[name] / most) * 100}%` }}
                  />
                </span>
                <span className={style.share}>{formatPercent(shares[name])}</span>
              </td>
              <td className={style.value}>
                <button
                  type="button"
                  className={style.why}
                  aria-label={`Why is ${label} ${formatNumber(losses[name], 3)}?`}
                  title="Where this number comes from"
                  onClick={() => onWhy(name)}
                >
                  {formatNumber(losses[name], 3)}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={style.says} role="status">
        {lessonOf(changes, shares)}
      </p>
    </section>
  );
}
