import { FileButton } from '../../ui/FileButton.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { RangeField } from '../../ui/RangeField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import type { DerainScores } from '../../../protocol/derainer.ts';
import { formatModel } from '../../models/format.ts';
import { formatMetric } from '../../ui/format.ts';
import { useModels } from '../../models/registry.ts';
import { dispatch, useQueue } from '../session/derainQueue.ts';
import { setupOf, SIDES } from '../queue/state.ts';
import type { Photo } from '../queue/photo.ts';
import type { SideState } from '../queue/state.ts';
import { changeSettings, GAIN, useDerainSettings } from '../session/settings.ts';
import { isPending } from './format.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** How the result is looked at, and what it is compared with. */
export function ComparePanel({ photo }: { readonly photo: Photo }) {
  const models = useModels((state) => state.models);
  const computed = useQueue(({ sides }) => SIDES.map((side) => sides[side]).find(isComputed));
  const { compare, show, gain, mode } = useDerainSettings();
  const { model } = setupOf(
    useQueue(({ settings }) => settings),
    photo,
  );
  const others = [
    { value: 'original', label: 'Original photo' },
    { value: 'rainMap', label: 'Rain map z' },
    { value: 'truth', label: 'Ground truth', disabled: !photo.truth },
    ...(models ?? [])
      .filter(({ id }) => id !== model || id === compare)
      .map((one) => ({ value: one.id, label: formatModel(one) })),
  ];
  const shows = [{ value: 'result', label: 'Result' }, { value: 'saved', label: 'Result as saved' }, ...others];

  return (
    <section className={panel.section} aria-labelledby="derain-look">
      <h2 id="derain-look" className={panel.heading}>
        View
      </h2>
      <SegmentedControl
        label="View"
        hideLabel
        value={mode}
        options={[
          { value: 'split', label: 'Divider' },
          { value: 'sides', label: 'Both' },
          { value: 'single', label: 'Single' },
        ]}
        onChange={(value) => changeSettings({ mode: value })}
      />
      <SelectField
        label="Show"
        value={shows.some(({ value }) => value === show) ? show : 'result'}
        options={shows}
        onChange={(value) => changeSettings({ show: value })}
      />
      {mode !== 'single' && (
        <SelectField
          label="Compare with"
          value={others.some(({ value }) => value === compare) ? compare : 'original'}
          options={others}
          onChange={(value) => changeSettings({ compare: value })}
        />
      )}
      {(show === 'rainMap' || (mode !== 'single' && compare === 'rainMap')) && (
        <RangeField
          label="Brightness"
          value={gain}
          {...GAIN}
          unit="×"
          onChange={(value) => changeSettings({ gain: value })}
        />
      )}
      {computed && <ProgressBar label="Computing the comparison" value={computed.share} />}
      {!photo.truth && <TruthButton photo={photo.id} />}
    </section>
  );
}

function TruthButton({ photo }: { readonly photo: string }) {
  return (
    <FileButton
      chooses="Ground truth"
      accept="image/*"
      icon={<Icon name="image" />}
      className={panel.start}
      onFiles={([truth]) => dispatch({ type: 'truthGiven', id: photo, truth })}
    >
      Add ground truth …
    </FileButton>
  );
}

/** Whether another model's run for a side is under way; what needs no network is there in a moment. */
function isComputed(side: SideState): boolean {
  return isPending(side) && side.status !== 'composing';
}

/** Metrics against the ground truth, before and after, and of the models that lie beside the result. */
export function ScoresPanel({ scores: { rows } }: { readonly scores: DerainScores }) {
  const models = useModels((state) => state.models);
  const sides = useQueue((state) => state.sides);
  const others = new Map<string, DerainScores>(
    SIDES.flatMap((side) => (sides[side].scores ? [[sides[side].what, sides[side].scores]] : [])),
  );
  const titleOf = (id: string): string => {
    const model = models?.find((one) => one.id === id);
    return model ? formatModel(model) : id;
  };
  return (
    <section className={panel.section} aria-labelledby="derain-results">
      <h2 id="derain-results" className={panel.heading}>
        Compared with ground truth
      </h2>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">With rain</th>
            <th scope="col">Derained</th>
            {[...others.keys()].map((id) => (
              <th key={id} scope="col">
                {titleOf(id)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, label, unit, digits, higherIsBetter, rainy, derained }) => (
            <tr key={name}>
              <th scope="row">{higherIsBetter ? label : `${label} (lower is better)`}</th>
              <td>{formatMetric(rainy, digits, unit)}</td>
              <td>{formatMetric(derained, digits, unit)}</td>
              {[...others].map(([id, scores]) => (
                <td key={id}>{formatMetric(scores.rows.find((row) => row.name === name)?.derained, digits, unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
