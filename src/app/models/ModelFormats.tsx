import { zipSync } from 'fflate';
import { useEffect, useState } from 'react';
import type { ExportFormat, UserError } from '../../protocol/derainer.ts';
import { Button } from '../ui/Button.tsx';
import { formatBytes } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { saveFile } from '../ui/saveFile.ts';
import style from './ModelFormats.module.css';
import { modelWorker } from './modelWorker.ts';

/** A model's file of ours, and what its copies are called. */
export interface NamedModel {
  readonly name: string;
  readonly file: Blob;
}

/** One download. */
interface Written {
  readonly format: ExportFormat;
  readonly name: string;
  readonly about: string;
  readonly file: Blob | UserError;
}

const FORMATS: readonly { readonly format: ExportFormat; readonly ending: string; readonly about: string }[] = [
  { format: 'onnx', ending: '.onnx', about: 'ONNX, opset 17, for any image size' },
  { format: 'pytorch', ending: '-pytorch.safetensors', about: 'PyTorch’s names and layout' },
  { format: 'tfjs', ending: '-tfjs.zip', about: 'TensorFlow.js: model.json and its weights' },
];

/** A model for other programs: each file by name and size. */
export function ModelFormats({ model }: { readonly model: NamedModel }) {
  const [state, setState] = useState<{ readonly of: NamedModel; readonly files: readonly Written[] }>();
  const written = state?.of === model ? state.files : [];
  useEffect(() => {
    let stale = false;
    void (async () => {
      const files: Written[] = [];
      for (const kind of FORMATS) {
        files.push(await write(model, kind));
        if (stale) return;
        setState({ of: model, files: [...files] });
      }
    })();
    return () => void (stale = true);
  }, [model]);
  return (
    <ul className={style.formats} aria-label="For other programs" aria-busy={written.length < FORMATS.length}>
      {written.map(({ format, name, about, file }) => (
        <li key={format} className={style.format}>
          <span className={style.words}>
            <span className={style.name}>{name}</span>
            <span className={style.about}>{file instanceof Blob ? about : `${file.reason} ${file.hint}`}</span>
          </span>
          {file instanceof Blob && (
            <>
              <span className={style.size}>{formatBytes(file.size)}</span>
              <Button
                variant="quiet"
                aria-label={`Download ${name}`}
                icon={<Icon name="download" size={16} />}
                onClick={() => saveFile(file, name)}
              >
                Download
              </Button>
            </>
          )}
        </li>
      ))}
      {written.length < FORMATS.length && <li className={style.about}>Writing …</li>}
    </ul>
  );
}

async function write(model: NamedModel, { format, ending, about }: (typeof FORMATS)[number]): Promise<Written> {
  const name = model.name + ending;
  try {
    const answer = await modelWorker.exportModel(model.file, format);
    if (answer.refused) return { format, name, about, file: answer };
    const [first, ...more] = answer.files;
    if (more.length === 0) return { format, name, about, file: first!.file };
    const entries = answer.files.map(async (one) => [one.name, new Uint8Array(await one.file.arrayBuffer())] as const);
    // Weights hardly get smaller.
    const zip = zipSync(Object.fromEntries(await Promise.all(entries)), { level: 0 });
    return { format, name, about, file: new Blob([zip], { type: 'application/zip' }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { format, name, about, file: { refused: true, reason, hint: 'Try again.' } };
  }
}
