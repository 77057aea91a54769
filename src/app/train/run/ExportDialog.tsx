import { useEffect, useState } from 'react';
import { saveModel } from '../../../browser/models.ts';
import { ModelFormats } from '../../models/ModelFormats.tsx';
import type { NamedModel } from '../../models/ModelFormats.tsx';
import { navigate } from '../../routing/route.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import style from './ExportDialog.module.css';
import { formatCount } from '../../ui/format.ts';
import { saveFile } from '../../ui/saveFile.ts';
import type { WhichWeights } from '../../../protocol/trainer.ts';
import { exportWeights } from './trainer.ts';

type Task = (typeof TASKS)[number]['task'];

const HINTS: Readonly<Record<WhichWeights, string>> = {
  average: 'The moving average over the latest steps (EMA): steadier, and what is validated.',
  latest: 'The weights of the last step.',
  best: 'The moving average at the validation with the highest PSNR of the student so far.',
};
const NO_STEP = 'There are no weights yet: the run has not taken a step.';
const NONE_YET: Readonly<Record<WhichWeights, string>> = {
  average: NO_STEP,
  latest: NO_STEP,
  best: 'There are no best weights yet: nothing has been validated so far.',
};

/** The networks as files for other programs. */
function OtherPrograms({ weights }: { readonly weights: WhichWeights }) {
  const [network, setNetwork] = useState<'student' | 'teacher'>('student');
  const [written, setWritten] = useState<{ readonly of: string; readonly model: NamedModel }>();
  const wanted = `${network} ${weights}`;
  const model = written?.of === wanted ? written.model : null;
  useEffect(() => {
    let stale = false;
    exportWeights(network, weights).then(
      (exported) => {
        if (stale || !exported) return;
        const name = `petrichor-${network}-step-${exported.step}`;
        setWritten({ of: `${network} ${weights}`, model: { name, file: new Blob([exported.bytes]) } });
      },
      () => undefined, // The buttons above say what is wrong.
    );
    return () => void (stale = true);
  }, [network, weights]);
  return (
    <>
      <SegmentedControl
        label="For other programs"
        value={network}
        options={[
          { value: 'student', label: 'Student' },
          { value: 'teacher', label: 'Teacher' },
        ]}
        onChange={setNetwork}
      />
      {model ? <ModelFormats model={model} /> : <p className={style.hint}>{NONE_YET[weights]}</p>}
    </>
  );
}

/** Takes the trained networks out of the run: as files, or straight to Derain. */
export function ExportDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [weights, setWeights] = useState<WhichWeights>('average');
  const { busy, problem, run } = useExport(weights, onClose);
  return (
    <Dialog open={open} onClose={onClose} title="Export the trained networks">
      <div className={style.body}>
        <SegmentedControl
          label="Weights"
          value={weights}
          options={[
            { value: 'average', label: 'Average' },
            { value: 'latest', label: 'Latest' },
            { value: 'best', label: 'Best' },
          ]}
          onChange={setWeights}
        />
        <p className={style.hint}>{HINTS[weights]}</p>
        <div className={style.tasks}>
          {TASKS.map(({ task, label, icon, variant }) => (
            <Button
              key={task}
              variant={variant}
              icon={<Icon name={icon} size={16} />}
              busy={busy === task}
              onClick={() => run(task)}
            >
              {label}
            </Button>
          ))}
        </div>
        <p className={style.hint}>
          The student F₃ is all that is needed to derain a photo. The files are .safetensors and include architecture
          and training details.
        </p>
        <OtherPrograms weights={weights} />
        {problem && (
          <p role="alert" className={style.problem}>
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}

const TASKS = [
  { task: 'derainByStudent', label: 'Use in Derain', icon: 'drop', variant: 'primary' },
  { task: 'student', label: 'Download the student', icon: 'download', variant: 'plain' },
  { task: 'derainByTeacher', label: 'Use the teacher in Derain', icon: 'drop', variant: 'quiet' },
  { task: 'teacher', label: 'Download the teacher', icon: 'download', variant: 'quiet' },
] as const;

/** Does one of the tasks at a time; `onLeave` when it ends in Derain. */
function useExport(weights: WhichWeights, onLeave: () => void) {
  const [busy, setBusy] = useState<Task | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const run = async (task: Task): Promise<void> => {
    setBusy(task);
    setProblem(null);
    try {
      const network = task === 'teacher' || task === 'derainByTeacher' ? 'teacher' : 'student';
      const model = await exportWeights(network, weights);
      if (!model) {
        setProblem(NONE_YET[weights]);
      } else if (task === 'derainByStudent' || task === 'derainByTeacher') {
        const title = network === 'student' ? 'Student' : 'Teacher';
        const { id } = await saveModel(model.bytes, `${title}, step ${formatCount(model.step)}`);
        onLeave();
        navigate('derain', { model: `mine:${id}` });
      } else {
        saveFile(
          new Blob([model.bytes], { type: 'application/octet-stream' }),
          `petrichor-${task}-step-${model.step}.safetensors`,
        );
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(null);
    }
  };
  return { busy, problem, run };
}
