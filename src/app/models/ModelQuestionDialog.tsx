import { useState } from 'react';
import type { ReactNode } from 'react';
import type { OnnxAnswers } from '../../core/inference/onnx/onnxImageModel.ts';
import type { NetworkReading } from '../../core/weights/openModel.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { formatCount, withUnit } from '../ui/format.ts';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { SelectField } from '../ui/SelectField.tsx';
import { useModelQuestion } from './importModelFiles.ts';
import type { ModelQuestion } from './importModelFiles.ts';
import style from './ModelQuestionDialog.module.css';

/** Asks what a model's file does not say; nothing where there is nothing to ask. */
export function ModelQuestionDialog() {
  const { question } = useModelQuestion();
  if (!question) return null;
  return question.kind === 'network' ? (
    <NetworkQuestion key={question.name} question={question} />
  ) : (
    <OnnxQuestion key={question.name} question={question} />
  );
}

/** Which network a file holds. */
function NetworkQuestion({ question }: { readonly question: Extract<ModelQuestion, { readonly kind: 'network' }> }) {
  const { name, readings, answer } = question;
  const [chosen, setChosen] = useState<NetworkReading | undefined>(readings[0]);
  return (
    <QuestionDialog title="Which network is it?" onCancel={() => answer(null)} onOpen={() => answer(chosen ?? null)}>
      <p className={style.words}>
        The arrays of {name} fit more than one published network. The page or folder that it came from says which.
      </p>
      {readings.map((reading) => (
        <label key={reading.title} className={style.reading}>
          <input type="radio" name="reading" checked={reading === chosen} onChange={() => setChosen(reading)} />
          {reading.title}
        </label>
      ))}
    </QuestionDialog>
  );
}

const MULTIPLES = [1, 2, 4, 8, 16, 32, 64, 128];
const TILES = [128, 256, 384, 512, 768, 1024, 'whole'] as const;

/** How an ONNX model wants its images. */
function OnnxQuestion({ question }: { readonly question: Extract<ModelQuestion, { readonly kind: 'onnx' }> }) {
  const { name, onnx, answer } = question;
  const [answers, setAnswers] = useState<OnnxAnswers>(onnx.usual);
  const asks = (what: keyof OnnxAnswers): boolean => onnx.open.includes(what);
  const change = (part: Partial<OnnxAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  return (
    <QuestionDialog title="How does it take images?" onCancel={() => answer(null)} onOpen={() => answer(answers)}>
      <p className={style.words}>
        {name} is an ONNX model (opset {onnx.opset}, {formatCount(onnx.parameters)} parameters) and does not say this
        itself. Its authors’ own code does.
      </p>
      {asks('range') && (
        <SegmentedControl
          label="Numbers from black to white"
          value={answers.range}
          options={[
            { value: '0..1', label: '0 to 1' },
            { value: '0..255', label: '0 to 255' },
            { value: '-1..1', label: '−1 to 1' },
          ]}
          onChange={(range) => change({ range })}
        />
      )}
      {asks('channels') && (
        <SegmentedControl
          label="Order of its channels"
          value={answers.channels}
          options={[
            { value: 'RGB', label: 'Red first' },
            { value: 'BGR', label: 'Blue first' },
          ]}
          onChange={(channels) => change({ channels })}
        />
      )}
      {asks('multiple') && (
        <SelectField
          label="Sides are multiples of"
          value={String(answers.multiple)}
          options={MULTIPLES.map((value) => ({ value: String(value), label: withUnit(value, 'px') }))}
          onChange={(value) => change({ multiple: Number(value) })}
          hint="2 for each time that it halves the image: 8 for three."
        />
      )}
      {asks('tile') && (
        <SelectField
          label="Given at once"
          value={String(answers.tile)}
          options={TILES.map((value) => ({
            value: String(value),
            label: value === 'whole' ? 'The whole image' : `Tiles of ${value} × ${withUnit(value, 'px')}`,
          }))}
          onChange={(value) => change({ tile: value === 'whole' ? value : Number(value) })}
          hint={`The whole image, up to 2 megapixels, for models that look at all of it; tiles overlap by ${withUnit(32, 'px')}.`}
        />
      )}
    </QuestionDialog>
  );
}

interface QuestionDialogProps {
  readonly title: string;
  readonly onCancel: () => void;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

function QuestionDialog({ title, onCancel, onOpen, children }: QuestionDialogProps) {
  return (
    <Dialog
      open
      onClose={onCancel}
      title={title}
      actions={
        <>
          <Button variant="quiet" onClick={onCancel}>
            Cancel
          </Button>
          <Button variant="primary" onClick={onOpen}>
            Open
          </Button>
        </>
      }
    >
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          onOpen();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
