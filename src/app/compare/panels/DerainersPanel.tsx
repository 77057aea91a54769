import { formatModel } from '../../models/format.ts';
import { useModelQuestion } from '../../models/importModelFiles.ts';
import { MODEL_FILES } from '../../models/modelFileNames.ts';
import { ModelQuestionDialog } from '../../models/ModelQuestionDialog.tsx';
import { useModels } from '../../models/registry.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { linkTo } from '../../routing/route.ts';
import { FileButton } from '../../ui/FileButton.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { MAX_MODELS } from '../run/state.ts';
import { chosenModels, toggleModel } from '../session/comparison.ts';
import { openModelFiles, useModelOpening } from '../session/modelFiles.ts';
import { useCompareSettings } from '../session/settings.ts';
import panel from '../../ui/Panel.module.css';
import style from './panels.module.css';

/** Which derainers are compared. */
export function DerainersPanel() {
  const models = useModels((state) => state.comparable);
  const { models: wanted } = useCompareSettings();
  const { reading, errors } = useModelOpening();
  const isAsked = useModelQuestion(({ question }) => question !== null);
  const chosen = chosenModels(models, wanted);
  const missing = models && wanted ? wanted.filter((id) => !models.some((model) => model.id === id)) : [];

  return (
    <section className={panel.section} aria-labelledby="compare-derainers">
      <div className={style.headRow}>
        <h2 id="compare-derainers" className={panel.heading}>
          Derainers
        </h2>
        <span className={panel.quiet}>
          {chosen.length} of {MAX_MODELS}
        </span>
      </div>
      <ModelList models={models ?? []} chosen={chosen} />
      {models?.length === 0 && (
        <p className={panel.quiet}>
          There is no trained student here yet. <a href={linkTo('train')}>Train one</a>, or open a file.
        </p>
      )}
      {missing.length > 0 && (
        <p className={panel.quiet}>
          {missing.length === 1 ? 'A derainer' : `${missing.length} derainers`} of this link{' '}
          {missing.length === 1 ? 'is' : 'are'} not in this browser. Open the file again to compare with it.
        </p>
      )}
      <FileButton
        chooses="Model files"
        accept={MODEL_FILES}
        multiple
        icon={<Icon name="folder" />}
        busy={reading !== null && !isAsked}
        className={`${panel.start} ${style.file}`}
        onFiles={(files) => void openModelFiles([...files])}
      >
        {reading === null ? 'Open model files …' : `Reading ${reading} …`}
      </FileButton>
      <p className={panel.quiet}>
        Also published networks in their authors’ files: .pth, .pt, .caffemodel, .mat, .index with .data, .safetensors;
        and any .onnx that turns one image into another.
      </p>
      {errors.map(({ name, reason, hint }) => (
        <p key={name + reason} role="alert" className={panel.error}>
          <strong>{name}</strong> {reason} {hint}
        </p>
      ))}
      <ModelQuestionDialog />
    </section>
  );
}

interface ModelListProps {
  readonly models: readonly ModelChoice[];
  readonly chosen: readonly ModelChoice[];
}

/** All derainers, each to be compared or not; no more than there is room for. */
function ModelList({ models, chosen }: ModelListProps) {
  const isFull = chosen.length >= MAX_MODELS;
  return (
    <ul className={style.models}>
      {models.map((model) => {
        const isChosen = chosen.includes(model);
        return (
          <li key={model.id}>
            <label className={style.model}>
              <input
                type="checkbox"
                checked={isChosen}
                disabled={!isChosen && isFull}
                onChange={() => toggleModel(model.id)}
              />
              <span className={style.modelName}>{formatModel(model)}</span>
              <span className={style.modelSize}>{formatCount(model.parameters)} parameters</span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}
