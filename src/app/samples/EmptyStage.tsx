import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/Icon.tsx';
import style from './EmptyStage.module.css';
import { listSamples } from './samples.ts';
import type { Sample } from './samples.ts';

export interface EmptyStageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  /** Buttons: how a first image gets here. */
  readonly children: ReactNode;
  readonly samplesTitle: string;
  /** Takes a sample; it is marked as busy meanwhile. Never rejects. */
  readonly onSample: (sample: Sample) => Promise<void>;
  /** Told when it goes: whether the focus goes with it. */
  readonly onLeave?: (withFocus: boolean) => void;
}

/** What a view says before its first image: how one gets here, and samples to try. */
export function EmptyStage({ icon, title, text, children, samplesTitle, onSample, onLeave }: EmptyStageProps) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = root.current;
    return () => onLeave?.(element?.contains(document.activeElement) ?? false);
  }, [onLeave]);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [loading, setLoading] = useState<string | null>(null);
  useEffect(() => void listSamples().then(setSamples), []);
  const take = async (sample: Sample): Promise<void> => {
    setLoading(sample.title);
    await onSample(sample);
    setLoading(null);
  };
  return (
    <div ref={root} className={style.empty}>
      <div className={style.middle}>
        <Icon name={icon} size={40} />
        <h2 className={style.title}>{title}</h2>
        <p className={style.text}>{text}</p>
        <div className={style.buttons}>{children}</div>
      </div>
      {samples.length > 0 && (
        <section className={style.samples} aria-labelledby="samples">
          <h2 id="samples" className={style.samplesHeading}>
            {samplesTitle}
          </h2>
          <ul className={style.sampleList}>
            {samples.map((sample) => (
              <li key={sample.rainy}>
                <button
                  type="button"
                  className={style.sample}
                  aria-busy={loading === sample.title || undefined}
                  onClick={() => void take(sample)}
                >
                  <img src={sample.rainy} alt="" loading="lazy" className={style.sampleImage} />
                  <span className={style.sampleName}>{sample.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
