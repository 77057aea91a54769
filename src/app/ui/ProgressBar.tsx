import { withUnit } from './format.ts';
import style from './ProgressBar.module.css';

export interface ProgressBarProps {
  readonly label: string;
  /** 0…1; null while the end is not known. */
  readonly value: number | null;
  /** Words beside the label: 'about 12 s left'. */
  readonly detail?: string;
  /** Keeps label and detail for screen readers only. */
  readonly bare?: boolean;
}

/** How far along something is, with its percentage. */
export function ProgressBar({ label, value, detail, bare = false }: ProgressBarProps) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  const done = percent === null ? null : withUnit(percent, '%');
  return (
    <div className={style.progress}>
      {!bare && (
        <div className={style.words}>
          <span>{label}</span>
          <span className={style.detail}>{[done, detail].filter(Boolean).join(' · ')}</span>
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={[done ?? 'under way', detail].filter(Boolean).join(', ')}
        className={style.track}
        data-endless={percent === null || undefined}
      >
        <div className={style.fill} style={{ width: percent === null ? undefined : `${percent}%` }} />
      </div>
    </div>
  );
}
