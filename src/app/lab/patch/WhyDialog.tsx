import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import { kernelPair } from '../../../core/paper/directionKernels.ts';
import type { Kernel } from '../../../core/paper/directionKernels.ts';
import type { PatchEvaluation, PatchLosses } from '../../../core/patch/patchLosses.ts';
import { KernelImage } from '../../direction/KernelImage.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatCount, formatNumber, formatPercent } from '../../ui/format.ts';
import { Formula, V } from '../../ui/Formula.tsx';
import type { PatchSettings } from './patchSettings.ts';
import style from './WhyDialog.module.css';

export interface WhyDialogProps {
  /** The number that was asked about; null: closed. */
  readonly asked: keyof PatchLosses | null;
  readonly onClose: () => void;
  readonly truth: GreyImage;
  readonly estimate: GreyImage;
  readonly evaluation: PatchEvaluation;
  /** Losses of an empty estimate. */
  readonly empty: PatchLosses;
  readonly label: number;
  readonly settings: PatchSettings;
}

/** Where a loss comes from: its equation with the numbers of this patch put in. */
export function WhyDialog(props: WhyDialogProps) {
  const { asked, onClose } = props;
  return (
    <Dialog
      open={asked !== null}
      onClose={onClose}
      title={asked === 'content' ? 'Content, equation (4)' : 'Direction, equation (5)'}
    >
      {asked === 'content' ? <Content {...props} /> : <Direction {...props} />}
    </Dialog>
  );
}

function Content({ truth, estimate, evaluation, empty }: WhyDialogProps) {
  const { difference, losses } = evaluation;
  const { x, y, at } = strongest(difference);
  return (
    <div className={style.why}>
      <p>
        <Formula spoken="mean absolute difference of z and z g t">
          |<V>z</V> − <V of="gt">z</V>|
        </Formula>
      </p>
      <p>The mean over all pixels of how far the estimate is from the true rain.</p>
      <Steps>
        <Mean image={difference} value={losses.content}>
          |<V>z</V> − <V of="gt">z</V>|
        </Mean>
        <li>
          Largest at column {x}, row {y}:{' '}
          <Unbroken>
            |{formatNumber(estimate.values[at]!, 3)} − {formatNumber(truth.values[at]!, 3)}|
          </Unbroken>{' '}
          = {formatNumber(Math.abs(difference.values[at]!), 3)}
        </li>
        <AgainstEmpty value={losses.content} empty={empty.content} />
      </Steps>
      <Where name="contentLoss" />
    </div>
  );
}

function Direction({ evaluation, empty, label, settings }: WhyDialogProps) {
  const { losses } = evaluation;
  const { kernelSize, patchLambda } = settings;
  const kernels = kernelPair(label, kernelSize);
  const angles =
    kernelSize === 3 ? (['0°', '90°'] as const) : ([`${label * 10}°`, `${(label * 10 + 90) % 180}°`] as const);
  return (
    <div className={style.why}>
      <p>
        <Formula spoken="sum over k parallel and k perpendicular of the mean absolute value of k filtering z minus z g t">
          Σ<sub>∥,⊥</sub> |<V>k</V> ⊗ (<V>z</V> − <V of="gt">z</V>)|
        </Formula>
      </p>
      <p>The same difference, seen through two kernels: one along the label, one across it.</p>
      <Half
        name="∥"
        angle={angles[0]}
        kernel={kernels.parallel}
        image={evaluation.parallel}
        value={losses.parallel}
        difference={evaluation.difference}
      />
      <Half
        name="⊥"
        angle={angles[1]}
        kernel={kernels.perpendicular}
        image={evaluation.perpendicular}
        value={losses.perpendicular}
        difference={evaluation.difference}
      />
      <Steps>
        <li>
          Sum: {formatNumber(losses.parallel, 3)} + {formatNumber(losses.perpendicular, 3)} ={' '}
          <b>{formatNumber(losses.direction, 3)}</b>
        </li>
        <AgainstEmpty value={losses.direction} empty={empty.direction} />
        <li>
          In the objective, with (4): {formatNumber(losses.content, 3)} +{' '}
          <Unbroken>λ · {formatNumber(losses.direction, 3)}</Unbroken> ={' '}
          {formatNumber(losses.content + patchLambda * losses.direction, 3)} for <Unbroken>λ = {patchLambda}</Unbroken>
        </li>
      </Steps>
      <Where name="directionLoss" />
    </div>
  );
}

interface HalfProps {
  readonly name: '∥' | '⊥';
  readonly angle: string;
  readonly kernel: Kernel;
  readonly image: GreyImage;
  readonly value: number;
  readonly difference: GreyImage;
}

function Half({ name, angle, kernel, image, value, difference }: HalfProps) {
  const { x, y, at } = strongest(image);
  const size = Math.sqrt(kernel.length);
  const terms = Array.from(kernel, (weight, i) => {
    const place = (y + Math.floor(i / size)) * difference.width + x + (i % size);
    return { weight, value: difference.values[place]! };
  }).sort((a, b) => Math.abs(b.weight * b.value) - Math.abs(a.weight * a.value));
  const shown = terms.slice(0, 2);
  return (
    <div className={style.half}>
      <KernelImage kernel={kernel} label={`Kernel k${name}, ${angle}`} />
      <Steps>
        <li>
          k{name}: the change along {angle},{' '}
          <Unbroken>
            {size} × {size}
          </Unbroken>
          , from {formatNumber(Math.min(...kernel), 2)} to {formatNumber(Math.max(...kernel), 2)}
        </li>
        <Mean image={image} value={value}>
          |<V of={name}>k</V> ⊗ (<V>z</V> − <V of="gt">z</V>)|
        </Mean>
        <li>
          Largest at column {x}, row {y}:{' '}
          {shown.map(({ weight, value: of }, i) => (
            <Fragment key={i}>
              {i > 0 && ' + '}
              <Unbroken>
                {formatNumber(weight, 2)} · {formatNumber(of, 2)}
              </Unbroken>
            </Fragment>
          ))}{' '}
          + {formatCount(terms.length - shown.length)} more = {formatNumber(image.values[at]!, 3)}
        </li>
      </Steps>
    </div>
  );
}

function Steps({ children }: { readonly children: ReactNode }) {
  return <ul className={style.steps}>{children}</ul>;
}

/** A term of an equation, on one line. */
function Unbroken({ children }: { readonly children: ReactNode }) {
  return <span className={style.term}>{children}</span>;
}

interface MeanProps {
  readonly image: GreyImage;
  readonly value: number;
  /** What is summed up. */
  readonly children: ReactNode;
}

function Mean({ image, value, children }: MeanProps) {
  const count = image.values.length;
  return (
    <li>
      <Unbroken>Σ {children}</Unbroken> = {formatNumber(value * count, 4)} over{' '}
      <Unbroken>
        {image.width} × {image.height}
      </Unbroken>{' '}
      = {formatCount(count)} positions; mean <b>{formatNumber(value, 3)}</b>
    </li>
  );
}

function AgainstEmpty({ value, empty }: { readonly value: number; readonly empty: number }) {
  return (
    <li>
      For an empty estimate, z = 0, it is {formatNumber(empty, 3)}:{' '}
      <Unbroken>
        {formatNumber(value, 3)} / {formatNumber(empty, 3)}
      </Unbroken>{' '}
      = {formatPercent(empty > 0 ? value / empty : 0)}
    </li>
  );
}

function Where({ name }: { readonly name: string }) {
  return (
    <p className={style.where}>
      The network’s maps have three channels and a batch; of a grey patch the means are the same. In the code:{' '}
      <code>{name}</code> in <code>src/core/paper/losses.ts</code>.
    </p>
  );
}

/** Where |image| is largest. */
function strongest({ width, values }: GreyImage): { readonly x: number; readonly y: number; readonly at: number } {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i]!) > Math.abs(values[at]!)) at = i;
  return { x: at % width, y: Math.floor(at / width), at };
}
