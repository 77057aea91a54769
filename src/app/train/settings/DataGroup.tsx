import { rainPresetNames } from '../../../core/rain/presets.ts';
import { linkTo } from '../../routing/route.ts';
import { formatCount } from '../../ui/format.ts';
import { useLibraryCounts } from '../run/libraryCounts.ts';
import { useTraining } from '../run/trainingStore.ts';
import { Group, SettingField } from './Group.tsx';
import style from './SettingsPanel.module.css';
import type { Settings } from './useSettings.ts';

/** Which images a run learns from, and in which proportion. */
export function DataGroup({ settings }: { readonly settings: Settings }) {
  const counts = useLibraryCounts((state) => state.counts);
  const hasRun = useTraining((state) => state.config !== null);
  const lock = settings.running
    ? 'The images and their mix are fixed while training runs, so that the run can be repeated.'
    : null;
  return (
    // Folded beside a run, so that λ stays in sight.
    <Group key={String(hasRun)} title="Images" lock={lock} open={!hasRun}>
      <dl className={style.counts}>
        <dt>Clean</dt>
        <dd>{counts ? formatCount(counts.clean) : '…'}</dd>
        <dt>Rainy (unpaired)</dt>
        <dd>{counts ? formatCount(counts.rainy) : '…'}</dd>
        <dt>Rainy–clean pairs</dt>
        <dd>{counts ? formatCount(counts.pairs) : '…'}</dd>
      </dl>
      <p className={style.hint}>
        <a href={linkTo('library')}>Change them in the Library.</a> The student learns only the rain it is shown: the
        rainy images must show the kind of rain you want to remove.
      </p>
      <SettingField settings={settings} of="heldOut" />
      <details className={style.group}>
        <summary className={style.summary}>Mix of rain and images</summary>
        <div className={style.fields}>
          <h3 className={style.subtitle}>Synthetic rain on clean images</h3>
          <p className={style.hint}>How often each kind is drawn: × 4 twice as often as × 2, × 0 never.</p>
          {rainPresetNames.map((name) => (
            <SettingField key={name} settings={settings} of={name} />
          ))}
          <SettingField settings={settings} of="rainScaleMin" />
          <SettingField settings={settings} of="rainScaleMax" />
          <SettingField settings={settings} of="rainVariety" />
          {counts !== undefined && counts.pairs > 0 && <SettingField settings={settings} of="pairShare" />}
          <SettingField settings={settings} of="rainFreeShare" />
          <h3 className={style.subtitle}>Scale of images</h3>
          <SettingField settings={settings} of="imageScaleMin" />
          <SettingField settings={settings} of="imageScaleMax" />
          <h3 className={style.subtitle}>Real set (unpaired)</h3>
          <SettingField settings={settings} of="photos" />
          <SettingField settings={settings} of="rainyHalves" />
          <SettingField settings={settings} of="generated" />
        </div>
      </details>
    </Group>
  );
}
