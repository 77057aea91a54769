import { useEffect, useState } from 'react';
import type { UserError } from '../../protocol/derainer.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { formatBytes } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { saveFile } from '../ui/saveFile.ts';
import { ModelFormats } from './ModelFormats.tsx';
import type { NamedModel } from './ModelFormats.tsx';
import { readModelFile } from './registry.ts';
import type { ModelChoice } from './registry.ts';

export interface ModelExportDialogProps {
  readonly model: Pick<ModelChoice, 'id' | 'title'>;
  readonly onClose: () => void;
}

/** A listed model as a file: as it is, and for other programs. */
export function ModelExportDialog({ model: { id, title }, onClose }: ModelExportDialogProps) {
  const [model, setModel] = useState<NamedModel | UserError | null>(null);
  useEffect(() => {
    let stale = false;
    void readModelFile(id).then((file) => {
      if (!stale) setModel('refused' in file ? file : { name: fileName(title), file });
    });
    return () => void (stale = true);
  }, [id, title]);
  return (
    <Dialog open onClose={onClose} title={`Export ${title}`}>
      {!model && <p>Reading it …</p>}
      {model && 'refused' in model && (
        <p role="alert">
          {model.reason} {model.hint}
        </p>
      )}
      {model && !('refused' in model) && (
        <>
          <Button
            icon={<Icon name="download" size={16} />}
            onClick={() => saveFile(model.file, `${model.name}.safetensors`)}
          >
            {model.name}.safetensors, {formatBytes(model.file.size)}
          </Button>
          <ModelFormats model={model} />
        </>
      )}
    </Dialog>
  );
}

/** A title as the name of a file. */
function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model';
}
