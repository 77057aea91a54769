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
  const [all, setAll] = useState(false);
  const shown = all ? errors : errors.slice(0, FIRST);
  return (
    <>
      {importing && (
        <div className={style.running}>
          <ProgressBar
            label={importing.cancelling ? 'Cancelling …' : 'Adding'}
            value={importing.total === null ? null : importing.total === 0 ? 1 : importing.done / importing.total}
            detail={
              importing.total === null
                ? 'looking through the files'
                : `${formatCount(importing.done)} of ${formatCount(importing.total)}`
            }
          />
          <Button busy={importing.cancelling} onClick={() => void cancelAdding()}>
            Cancel
          </Button>
          {importing.recognised.length > 0 && (
            <p className={style.recognised}>
              Recognised {importing.recognised.slice(0, 3).join('; ')}
              {importing.recognised.length > 3 ? ' and more' : ''}.
            </p>
          )}
        </div>
      )}
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
      {errors.length > 0 && (
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
      )}
    </>
  );
}
