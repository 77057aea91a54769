import { rainPresetNames } from '../../../core/rain/presets.ts';
import type { RainPresetName } from '../../../core/rain/presets.ts';
import { formatCount } from '../../ui/format.ts';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { linkTo } from '../../routing/route.ts';
import { Figure, Group } from './Group.tsx';
import style from './SettingsPanel.module.css';
import type { Settings } from './useSettings.ts';

const rainWords: Readonly<Record<RainPresetName, string>> = {
  light: 'Light',
  heavy: 'Heavy',
  crossing: 'Crossing layers',
  nearDrops: 'Near drops',
  veil: 'Grey veil',
  dense: 'Dense, one direction',
  downpour: 'Downpour',
};

/** Which pictures a run learns from, and in which proportion. */
export function DataGroup({ settings }: { readonly settings: Settings }) {
  const counts = useLibraryCounts((state) => state.counts);
  const lock = settings.locked('data.heldOut')
    ? 'The pictures and their mix are fixed while training runs, so that the run can be repeated.'
    : null;
  return (
    <Group title="Pictures" lock={lock} open>
      <dl className={style.counts}>
        <dt>Clean</dt>
        <dd>{counts ? formatCount(counts.clean) : '…'}</dd>
        <dt>Real rain, nothing else known</dt>
        <dd>{counts ? formatCount(counts.rainy) : '…'}</dd>
        <dt>Pairs of rainy and clean</dt>
        <dd>{counts ? formatCount(counts.pairs) : '…'}</dd>
      </dl>
      <p className={style.hint}>
        <a href={linkTo('library')}>Change them in the Library.</a> The student only learns the rain it is shown: the
        rainy pictures must wear the rain you want to remove.
      </p>
      <Figure
        settings={settings}
        of="heldOut"
        label="Held out for validation"
        hint="Pairs, or else clean pictures, that are never trained on."
      />
      <details className={style.mixes}>
        <summary className={style.summary}>Mix of rain and pictures</summary>
        <div className={style.fields}>
          <h3 className={style.subtitle}>Rain laid over clean pictures</h3>
          {rainPresetNames.map((name) => (
            <Figure key={name} settings={settings} of={name} label={rainWords[name]} symbol="×" />
          ))}
          <Figure
            settings={settings}
            of="rainScaleMin"
            label="Rain size, smallest"
            symbol="×"
            hint="Each rain is drawn at a random size between the two; 1 is the size of its kind."
          />
          <Figure settings={settings} of="rainScaleMax" label="Rain size, largest" symbol="×" />
          <Figure
            settings={settings}
            of="rainVariety"
            label="Share varied like real rain"
            hint="Direction that turns a little over the image, soft ends, streaks in front of and behind the focus."
          />
          {counts !== undefined && counts.pairs > 0 && (
            <Figure
              settings={settings}
              of="pairShare"
              label="Share taken from pairs"
              hint="0: generated rain only. 1: pairs only."
            />
          )}
          <Figure
            settings={settings}
            of="dry"
            label="Share left dry"
            hint="Clean pictures without any rain, in both sets: they teach that not every bright edge is rain."
          />
          <h3 className={style.subtitle}>Scale of images</h3>
          <Figure
            settings={settings}
            of="imageScaleMin"
            label="Image scale, smallest"
            symbol="×"
            hint="Each photo or pair is enlarged or reduced by a random factor between the two before it is cropped."
          />
          <Figure settings={settings} of="imageScaleMax" label="Image scale, largest" symbol="×" />
          <h3 className={style.subtitle}>Real set, unpaired</h3>
          <Figure settings={settings} of="photos" label="Rainy photos" symbol="×" />
          <Figure settings={settings} of="rainyHalves" label="Rainy halves of pairs" symbol="×" />
          <Figure settings={settings} of="generated" label="Generated rain" symbol="×" />
        </div>
      </details>
    </Group>
  );
}
