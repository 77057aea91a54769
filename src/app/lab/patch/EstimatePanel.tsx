import { unchanged } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import { Button } from '../../ui/Button.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import style from './PatchLab.module.css';
import panel from './panel.module.css';
import { changeOfShown, changePatch, changeSliders, shownChange } from './patchSettings.ts';
import type { ChangeName, PatchSettings } from './patchSettings.ts';

const examples: readonly {
  readonly label: string;
  readonly curve: ChangeName;
  readonly changes: Partial<EstimateChanges>;
}[] = [
  { label: 'Blurred', curve: 'blur', changes: { blur: 2 } },
  { label: 'Rotated', curve: 'rotation', changes: { rotation: 10 } },
  { label: 'Brighter', curve: 'offset', changes: { offset: 0.1 } },
];

/** The sliders that make an estimate out of the truth, and the kernels of (5). */
export function EstimatePanel({ settings: { changes, kernelSize } }: { readonly settings: PatchSettings }) {
  return (
    <section className={panel.panel} aria-labelledby="estimate-title">
      <h2 id="estimate-title" className={panel.title}>
        Estimate
      </h2>
      <div className={style.examples}>
        {examples.map(({ label, curve, changes: made }) => (
          <Button key={label} onClick={() => changePatch({ changes: { ...unchanged, ...made }, curve })}>
            {label}
          </Button>
        ))}
        <Button variant="quiet" onClick={() => changePatch({ changes: unchanged })}>
          Reset
        </Button>
      </div>
      {changeSliders.map(({ key, ...slider }) => (
        <RangeField
          key={key}
          {...slider}
          value={shownChange(key, changes[key])}
          onChange={(shown) => changePatch({ changes: { ...changes, [key]: changeOfShown(key, shown) }, curve: key })}
        />
      ))}
      <SegmentedControl
        label="Kernels of (5), pixels"
        value={String(kernelSize) as '3' | '5' | '7'}
        options={[
          { value: '3', label: '3: gradients' },
          { value: '5', label: '5' },
          { value: '7', label: '7' },
        ]}
        onChange={(size) => changePatch({ kernelSize: Number(size) as 3 | 5 | 7 })}
      />
      {kernelSize === 3 && (
        <p className={panel.hint}>
          Horizontal and vertical gradients, whatever the direction: the paper’s special case.
        </p>
      )}
    </section>
  );
}
