import { useState } from 'react';
import { Button, IconButton } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { formatCount } from '../ui/format.ts';
import style from './ImportPanel.module.css';
import { cancelAdding, dismissAllErrors, dismissLastImport, dismissError } from './libraryActions.ts';
import { useLibrary } from './libraryStore.ts';
import { importSummary } from './format.ts';

/** So many errors are listed before "Show all". */
const FIRST = 6;

/** What is being added, how it ended, and which files were not taken and why. Empty when there is nothing to say. */
export function ImportPanel() {
  const { importing, errors, lastImport } = useLibrary();
  return (
    <>
      {importing && <Importing importing={importing} />}
      <div role="status">
        {lastImport && (
          <p
            className={style.summary}
            data-tone={lastImport.ended === 'complete' || lastImport.ended === 'cancelled' ? 'neutral' : 'bad'}
          >
            <Icon name={lastImport.ended === 'complete' && lastImport.refused === 0 ? 'check' : 'info'} />
            <span>{importSummary(lastImport)}</span>
            <IconButton label="Dismiss this message" icon={<Icon name="close" />} onClick={dismissLastImport} />
          </p>
        )}
      </div>
      {errors.length > 0 && <FileErrors errors={errors} />}
    </>
  );
}

type Library = ReturnType<typeof useLibrary.getState>;

function Importing({ importing }: { readonly importing: NonNullable<Library['importing']> }) {
  const { done, total, cancelling, recognized } = importing;
  return (
    <div className={style.running}>
      <ProgressBar
        label={cancelling ? 'Cancelling …' : 'Adding'}
        value={total === null ? null : total === 0 ? 1 : done / total}
        detail={total === null ? 'looking through the files' : `${formatCount(done)} of ${formatCount(total)}`}
      />
      <Button busy={cancelling} onClick={() => void cancelAdding()}>
        Cancel
      </Button>
      {recognized.length > 0 && (
        <p className={style.recognized}>
          Recognized {recognized.slice(0, 3).join('; ')}
          {recognized.length > 3 ? ' and more' : ''}.
        </p>
      )}
    </div>
  );
}

/** The files that were not taken, each with its reason. */
function FileErrors({ errors }: Pick<Library, 'errors'>) {
  const [all, setAll] = useState(false);
  const shown = all ? errors : errors.slice(0, FIRST);
  return (
    <section className={style.errors} aria-labelledby="errors-title">
      <header className={style.head}>
        <h2 id="errors-title" className={style.title}>
          Not added: {formatCount(errors.length)}
        </h2>
        <Button variant="quiet" onClick={dismissAllErrors}>
          Dismiss all
        </Button>
      </header>
      <ul>
        {shown.map(({ key, path, reason, hint }) => (
          <li key={key} className={style.error}>
            <div className={style.words}>
              <p className={style.path}>{path}</p>
              <p>
                {reason} <span className={style.hint}>{hint}</span>
              </p>
            </div>
            <IconButton label={`Dismiss ${path}`} icon={<Icon name="close" />} onClick={() => dismissError(key)} />
          </li>
        ))}
      </ul>
      {shown.length < errors.length && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          Show all {formatCount(errors.length)}
        </Button>
      )}
    </section>
  );
}
