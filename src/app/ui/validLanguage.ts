/**
 * Gives the page a language that `Intl` takes. WebKit in a POSIX locale reports 'C', which makes every formatter that is built with
 * it throw, in libraries as they load as well. Called before any view.
 */
export function ensureValidLanguage(navigator: { readonly language: string }): void {
  try {
    Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
