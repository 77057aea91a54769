/** Settings in words, as `train --set` and links write them: 'lambda=0', several joined by '+'. */

/** An experiment cannot be read or run; the message says why. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
}

/** Names and values; none in ''. Throws ExperimentError for a word that is no NAME=VALUE. */
export function wordsOf(set: string): { name: string; text: string }[] {
  return set
    .split('+')
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => {
      const equals = word.indexOf('=');
      if (equals < 1) throw new ExperimentError(`'${word}' is not written as NAME=VALUE.`);
      return { name: word.slice(0, equals), text: word.slice(equals + 1) };
    });
}
