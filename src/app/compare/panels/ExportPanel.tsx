import { useState } from 'react';
import type { Rect } from '../../../core/inference/tiles.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { notify } from '../../ui/notices.ts';
import { saveFile } from '../../ui/saveFile.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { visiblePart } from '../../zoom/viewport.ts';
import { animation, sheetPng } from '../export/sheet.ts';
import type { SheetImage } from '../export/sheet.ts';
import { cellWords, differenceName } from '../grid/cellWords.ts';
import { gridCells, minusOf } from '../grid/cells.ts';
import { useGridView } from '../grid/gridView.ts';
import { cellLayers } from '../layers/cellLayers.ts';
import type { Shown } from '../layers/cellLayers.ts';
import { cellOf } from '../run/state.ts';
import type { ComparedImage } from '../run/state.ts';
import { useComparison } from '../session/comparison.ts';
import type { CompareSettings } from '../session/settings.ts';
import { useCompareSettings } from '../session/settings.ts';
import { useComparedModels } from '../session/useCompared.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** The grid, and one result beside its photo, as files. */
export function ExportPanel({ image }: { readonly image: ComparedImage }) {
  const models = useComparedModels();
  const settings = useCompareSettings();
  const cells = useComparison((state) => state.cells);
  const [writing, setWriting] = useState(false);
  const done = models.filter(({ id }) => cellOf({ cells }, image.id, id).output !== null);

  const write = async (make: () => Promise<Blob>, ending: string): Promise<void> => {
    setWriting(true);
    try {
      saveFile(await make(), `${image.name.replace(/\.[a-z0-9]{1,5}$/i, '')}-${ending}`);
    } catch (error) {
      notify({ tone: 'bad', text: error instanceof Error ? error.message : String(error) });
    }
    setWriting(false);
  };
  const grid = async (): Promise<Blob> => {
    const images = await sheetImages(gridCells(settings.layout, models, image.truth !== null), image, models, settings);
    return sheetPng(images, shownPart(image), Math.min(images.length, images.length > 4 ? 3 : 2));
  };

  return (
    <section className={panel.section} aria-labelledby="compare-export">
      <h2 id="compare-export" className={panel.heading}>
        Export
      </h2>
      <Button
        icon={<Icon name="download" size={16} />}
        busy={writing}
        onClick={() => void write(grid, 'comparison.png')}
      >
        Grid as PNG
      </Button>
      {done.length > 0 && <PairExport image={image} models={done} onWrite={(...file) => void write(...file)} />}
      <p className={panel.quiet}>The part of the image that is on screen, with the captions of the grid.</p>
    </section>
  );
}

interface PairExportProps {
  readonly image: ComparedImage;
  /** Those that have a result. */
  readonly models: readonly ComparedModel[];
  readonly onWrite: (make: () => Promise<Blob>, ending: string) => void;
}

/** The photo before and after one derainer, beside each other or in turn. */
function PairExport({ image, models, onWrite }: PairExportProps) {
  const settings = useCompareSettings();
  const [chosen, setChosen] = useState<string | null>(null);
  const model = models.find(({ id }) => id === chosen) ?? models[0]!;
  const pair = (): Promise<SheetImage[]> => {
    const cells: readonly Shown[] = [
      { kind: 'original', model: null },
      { kind: 'output', model: model.id },
    ];
    return sheetImages(cells, image, models, { ...settings, reference: 'none' });
  };
  const icon = <Icon name="download" size={16} />;
  return (
    <>
      {models.length > 1 && (
        <SelectField
          label="Before and after by"
          value={model.id}
          options={models.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={setChosen}
        />
      )}
      <div className={style.buttons}>
        <Button
          variant="quiet"
          icon={icon}
          onClick={() => onWrite(async () => sheetPng(await pair(), shownPart(image), 2), 'before-after.png')}
        >
          Before | after, PNG
        </Button>
        <Button
          variant="quiet"
          icon={icon}
          onClick={() => onWrite(async () => animation(await pair(), shownPart(image)), 'before-after.webp')}
        >
          Animation, WebP
        </Button>
      </div>
    </>
  );
}

/** The images that there are, with their words, ready to be drawn. */
async function sheetImages(
  cells: readonly Shown[],
  image: ComparedImage,
  models: readonly ComparedModel[],
  { channels, reference, gain }: CompareSettings,
): Promise<SheetImage[]> {
  const state = useComparison.getState();
  const layers = await cellLayers.all(cells);
  const references = await cellLayers.all(reference === 'none' ? [] : [{ kind: reference, model: null }]);
  return cells.flatMap((cell, i) => {
    const layer = layers[i];
    if (!layer) return [];
    const minus = minusOf(cell, reference, image.truth !== null) ? (references[0] ?? null) : null;
    const isMap = cell.kind === 'rainMap' || cell.kind === 'trueRainMap';
    const words = cellWords(cell, image, models, state, channels);
    const name = minus ? differenceName(words.name, reference, gain) : isMap ? `${words.name} × ${gain}` : words.name;
    const lines = words.pending ? [words.pending, ...words.lines] : words.lines;
    return [{ drawn: { layer, minus, gain: minus || isMap ? gain : 1, pending: words.pending !== null }, name, lines }];
  });
}

/** The part of the image that is on screen; all of it where nothing is. */
function shownPart({ size }: ComparedImage): Rect {
  const { view, frame } = useGridView.getState();
  const part = view && frame.width > 0 ? visiblePart(view, size, frame) : null;
  return part && part.width > 0 && part.height > 0 ? part : { left: 0, top: 0, ...size };
}
