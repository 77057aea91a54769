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

type Task = 'student' | 'teacher' | 'derainByStudent' | 'derainByTeacher';

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
        onClose();
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
          <Button
            variant="primary"
            icon={<Icon name="drop" size={16} />}
            busy={busy === 'derainByStudent'}
            onClick={() => run('derainByStudent')}
          >
            Use in Derain
          </Button>
          <Button icon={<Icon name="download" size={16} />} busy={busy === 'student'} onClick={() => run('student')}>
            Download the student
          </Button>
          <Button
            variant="quiet"
            icon={<Icon name="drop" size={16} />}
            busy={busy === 'derainByTeacher'}
            onClick={() => run('derainByTeacher')}
          >
            Use the teacher in Derain
          </Button>
          <Button
            variant="quiet"
            icon={<Icon name="download" size={16} />}
            busy={busy === 'teacher'}
            onClick={() => run('teacher')}
          >
            Download the teacher
          </Button>
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
