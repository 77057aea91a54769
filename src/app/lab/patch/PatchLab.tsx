import { useCallback, useMemo, useState } from 'react';
import { directionCount } from '../../../core/paper/directionKernels.ts';
import { makeEstimate, unchanged } from '../../../core/patch/estimate.ts';
import { evaluateEmpty, evaluatePatch, relativeLosses } from '../../../core/patch/patchLosses.ts';
import { navigate } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { chooseFiles } from '../../ui/chooseFiles.ts';
import type { Drop } from '../../ui/droppedFiles.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useFileDrop } from '../../ui/useFileDrop.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { DescentPanel } from './DescentPanel.tsx';
import { EstimatePanel } from './EstimatePanel.tsx';
import { FieldPanel } from './FieldPanel.tsx';
import { LabelPanel } from './LabelPanel.tsx';
import { LossBars } from './LossBars.tsx';
import { LossCurve } from './LossCurve.tsx';
import { PatchMaps } from './PatchMaps.tsx';
import style from './PatchLab.module.css';
import { changePatch, usePatchSettings } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';
import { SourcePanel } from './SourcePanel.tsx';
import { usePatchSource } from './usePatchSource.ts';
import type { PatchSource } from './usePatchSource.ts';
import { WhyDialog } from './WhyDialog.tsx';

/** What the losses (4) and (5) say of one small patch of rain and of an estimate of it, without a network. */
export function PatchLab() {
  const settings = usePatchSettings();
  const [dropped, setDropped] = useState<Blob | null>(null);
  const onFile = useCallback((file: Blob) => {
    setDropped(file);
    changePatch({ source: 'image', crop: 0 });
  }, []);
  const hovering = useFileDrop(useCallback(({ files: [first] }: Drop) => first && onFile(first.file), [onFile]));
  const { source, message } = usePatchSource(settings, dropped);
  return (
    <div className={style.lab} data-hovering={hovering || undefined}>
      <div className={style.controls}>
        <SourcePanel settings={settings} onFile={onFile} />
        {source && <EstimatePanel settings={settings} />}
      </div>
      {source ? (
        <Evaluation source={source} settings={settings} />
      ) : (
        <Missing settings={settings} message={message ?? ''} onFile={onFile} />
      )}
    </div>
  );
}

interface MissingProps {
  readonly settings: PatchSettings;
  readonly message: string;
  readonly onFile: (file: Blob) => void;
}

/** What stands in the place of a patch that is not here, or not yet. */
function Missing({ settings: { source }, message, onFile }: MissingProps) {
  const choose = (): void => chooseFiles('files', ([first]) => first && onFile(first.file));
  return (
    <div role="status">
      <EmptyState
        icon="image"
        title="No patch yet"
        actions={
          source === 'image' ? (
            <Button variant="primary" onClick={choose}>
              Choose an image …
            </Button>
          ) : source === 'training' ? (
            <Button variant="primary" onClick={() => navigate('train')}>
              Open Train
            </Button>
          ) : undefined
        }
      >
        <p>{message}</p>
      </EmptyState>
    </div>
  );
}

/** The label in use: the true one and the error laid on it. */
function usedLabel({ label }: PatchSource, { labelError }: PatchSettings): number {
  return (label + labelError / 10 + directionCount) % directionCount;
}

function Evaluation({ source, settings }: { readonly source: PatchSource; readonly settings: PatchSettings }) {
  const { changes, kernelSize } = settings;
  const label = usedLabel(source, settings);
  const [asked, setAsked] = useState<keyof PatchLosses | null>(null);
  const truth = useMemo(() => makeEstimate(source.image, unchanged), [source]);
  const base = (settings.source === 'training' && settings.base === 'found' && source.found) || source.image;
  const estimate = useMemo(() => makeEstimate(base, changes), [base, changes]);
  const empty = useMemo(() => evaluateEmpty(truth, label, kernelSize), [truth, label, kernelSize]);
  const evaluation = useMemo(
    () => evaluatePatch(estimate, truth, label, kernelSize),
    [estimate, truth, label, kernelSize],
  );
  const shares = relativeLosses(evaluation.losses, empty.losses);
  return (
    <div className={style.results}>
      <PatchMaps truth={truth} estimate={estimate} evaluation={evaluation} empty={empty} />
      <div className={style.figures}>
        <LossBars losses={evaluation.losses} shares={shares} changes={changes} onWhy={setAsked} />
        <LossCurve source={base} truth={truth} settings={settings} label={label} shares={shares} />
      </div>
      <LabelPanel
        truth={truth}
        estimate={estimate}
        evaluation={evaluation}
        trueLabel={source.label}
        isLabelled={source.isLabelled}
        settings={settings}
      />
      <DescentPanel source={base} truth={truth} label={label} empty={empty.losses} settings={settings} />
      <FieldPanel truth={truth} settings={settings} />
      <WhyDialog
        asked={asked}
        onClose={() => setAsked(null)}
        truth={truth}
        estimate={estimate}
        evaluation={evaluation}
        empty={empty.losses}
        label={label}
        settings={settings}
      />
    </div>
  );
}
