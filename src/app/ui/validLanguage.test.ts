import { expect, test } from 'vitest';
import { ensureValidLanguage } from './validLanguage.ts';

test('a language that Intl refuses is replaced, any other is left alone', () => {
  const languageAfter = (language: string): string => {
    const navigator = { language };
    ensureValidLanguage(navigator);
    return navigator.language;
  };
  expect(languageAfter('C')).toBe('en-US');
  expect(() => new Intl.NumberFormat(languageAfter('C'))).not.toThrow();
  expect(languageAfter('de-CH')).toBe('de-CH');
});
