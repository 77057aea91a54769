import { useModels } from '../../models/registry.ts';
import { Button } from '../../ui/Button.tsx';
import { notify } from '../../ui/notices.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { pathModels } from '../grid/cells.ts';
import { toggleMagnifier, useGridView } from '../grid/gridView.ts';
import type { ComparedImage } from '../run/state.ts';
import { toggleModel } from '../session/comparison.ts';
import { changeSettings, GAINS, useCompareSettings } from '../session/settings.ts';
import { useComparedModels } from '../session/useCompared.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** How the images are looked at. */
export function ViewPanel({ image }: { readonly image: ComparedImage }) {
  const { layout, channels, reference, gain } = useCompareSettings();
  const magnifying = useGridView((state) => state.magnifying);
  const models = useModels((state) => state.comparable);
  const compared = useComparedModels();
  const hasMaps = layout !== 'results' || reference !== 'none';
  /** A row from the photo to the truth; a teacher and a student are added where none is compared. */
  const showPath = (): void => {
    changeSettings({ layout: 'path' });
    for (const role of ['teacher', 'student'] as const) {
      if (pathModels(compared)[role]) continue;
      const other = models?.find((model) => model.role === role);
      if (other) toggleModel(other.id);
      else notify({ text: `There is no ${role} here yet: train one, or open its file.` });
    }
  };
  return (
    <section className={panel.section} aria-labelledby="compare-view">
      <h2 id="compare-view" className={panel.heading}>
        View
      </h2>
      <SelectField
        label="Show"
        value={layout}
        options={[
          { value: 'results', label: 'Results' },
          { value: 'rainMaps', label: 'Rain maps' },
          { value: 'both', label: 'Results and rain maps' },
          { value: 'path', label: 'Rain map, teacher, student' },
        ]}
        onChange={(value) => (value === 'path' ? showPath() : changeSettings({ layout: value }))}
      />
      <Button className={style.wide} aria-pressed={layout === 'path'} onClick={showPath}>
        Original | rain map | teacher | student{image.truth ? ' | truth' : ''}
      </Button>
      <SelectField
        label="Difference"
        value={reference === 'truth' && !image.truth ? 'none' : reference}
        options={[
          { value: 'none', label: 'Images as they are' },
          { value: 'truth', label: 'To the ground truth', disabled: !image.truth },
          { value: 'original', label: 'To the original' },
        ]}
        onChange={(value) => changeSettings({ reference: value })}
      />
      {hasMaps && (
        <SegmentedControl
          label="Brightness of rain maps and differences"
          value={String(gain)}
          options={GAINS.map((value) => ({ value: String(value), label: `× ${value}` }))}
          onChange={(value) => changeSettings({ gain: Number(value) })}
        />
      )}
      <SwitchField label="Magnifier" checked={magnifying} onChange={toggleMagnifier} />
      <SegmentedControl
        label="PSNR and SSIM on"
        value={channels}
        options={[
          { value: 'y', label: 'Y (luma)' },
          { value: 'rgb', label: 'RGB' },
        ]}
        onChange={(value) => changeSettings({ channels: value })}
      />
    </section>
  );
}
