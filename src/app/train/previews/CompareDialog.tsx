import { useState } from 'react';
import { ReactCompareSlider } from 'react-compare-slider';
import type { PreviewSample } from '../../../core/training/events.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { formatDb } from '../../ui/format.ts';
import style from './CompareDialog.module.css';
import { imagesOf, imageLabels } from './previewImages.ts';
import type { ImageName } from './previewImages.ts';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';

export interface CompareDialogProps {
  /** Undefined: closed. */
  readonly sample: PreviewSample | undefined;
  readonly name: string;
  /** Shown on the right at first. */
  readonly image: ImageName;
  readonly onClose: () => void;
}

/** Two images of a preview, one over the other, with a divider between them. */
export function CompareDialog({ sample, name, image, onClose }: CompareDialogProps) {
  return (
    <Dialog open={sample !== undefined} onClose={onClose} title={name || 'Preview'} shape="wide">
      {sample && <Compare key={image} sample={sample} image={image} />}
    </Dialog>
  );
}

function Compare({ sample, image }: { readonly sample: PreviewSample; readonly image: ImageName }) {
  const images = imagesOf(sample);
  const [left, setLeft] = useState<ImageName>(
    image === 'rainy' ? 'student' : image === 'trueRainMap' ? 'rainMap' : 'rainy',
  );
  const [right, setRight] = useState<ImageName>(image);
  const find = (name: ImageName) => images.find((entry) => entry.name === name) ?? images[0]!;
  const options = images.map(({ name, psnr }) => ({
    value: name,
    label: psnr === null ? imageLabels[name].title : `${imageLabels[name].title} · ${formatDb(psnr)}`,
  }));
  const side = (name: ImageName) => (
    <PixelCanvas pixels={find(name).pixels} label={imageLabels[name].title} className={style.canvas} />
  );
  return (
    <div className={style.compare}>
      <div className={style.choices}>
        <SelectField label="Left" value={left} options={options} onChange={setLeft} />
        <SelectField label="Right" value={right} options={options} onChange={setRight} />
      </div>
      <ReactCompareSlider className={style.slider} itemOne={side(left)} itemTwo={side(right)} keyboardIncrement="2%" />
    </div>
  );
}
