import { useEffect, useState } from 'react';
import { chooseFiles } from '../ui/chooseFiles.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { notify } from '../ui/notices.ts';
import { addPhotos } from './desk.ts';
import style from './EmptyDesk.module.css';
import { listSamples, readSample } from '../samples/samples.ts';
import type { Sample } from '../samples/samples.ts';
import { takeFiles } from './takeFiles.ts';

/** What the desk says before the first photo: how one gets here, and pictures to try. */
export function EmptyDesk() {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [loading, setLoading] = useState<string | null>(null);
  useEffect(() => void listSamples().then(setSamples), []);

  const take = async (sample: Sample): Promise<void> => {
    setLoading(sample.title);
    try {
      addPhotos([await readSample(sample)]);
    } catch {
      notify({ text: `The sample “${sample.title}” could not be loaded. Check the connection.`, tone: 'bad' });
    }
    setLoading(null);
  };

  return (
    <div className={style.empty}>
      <div className={style.middle}>
        <Icon name="drop" size={40} />
        <h2 className={style.title}>Remove rain from a photo</h2>
        <p className={style.text}>Drop photos anywhere, paste one, or choose them. They stay on this device.</p>
        <div className={style.buttons}>
          <Button variant="primary" icon={<Icon name="image" />} onClick={() => chooseFiles('files', takeFiles)}>
            Choose photos
          </Button>
          <Button variant="quiet" icon={<Icon name="folder" />} onClick={() => chooseFiles('folder', takeFiles)}>
            Choose a folder
          </Button>
        </div>
      </div>
      {samples.length > 0 && (
        <section className={style.samples} aria-labelledby="derain-samples">
          <h2 id="derain-samples" className={style.heading}>
            Or try a picture of ours
          </h2>
          <ul className={style.list}>
            {samples.map((sample) => (
              <li key={sample.rainy}>
                <button
                  type="button"
                  className={style.sample}
                  aria-busy={loading === sample.title || undefined}
                  onClick={() => void take(sample)}
                >
                  <img src={sample.rainy} alt="" loading="lazy" className={style.picture} />
                  <span className={style.name}>{sample.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
