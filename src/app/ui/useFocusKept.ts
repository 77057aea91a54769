import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** What the element around the changing buttons is given. */
interface FocusKeeper<E extends HTMLElement> {
  readonly ref: RefObject<E | null>;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/**
 * Where buttons take one another's place, whoever pressed one by keyboard goes on from there: when the focused element goes, the
 * focus passes to the first button that can be pressed, or to the element around them, where another press could do harm.
 */
export function useFocusKept<E extends HTMLElement>(passesTo: 'button' | 'group'): FocusKeeper<E> {
  const ref = useRef<E>(null);
  // React tells of no blur while it removes elements: what it removed still counts as focused.
  const isInside = useRef(false);
  useEffect(() => {
    const group = ref.current;
    if (!group) return;
    const observer = new MutationObserver(() => {
      if (!isInside.current || document.activeElement !== document.body) return;
      (passesTo === 'group' ? group : group.querySelector<HTMLElement>('button:not(:disabled)'))?.focus();
    });
    observer.observe(group, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [passesTo]);
  return { ref, onFocus: () => void (isInside.current = true), onBlur: () => void (isInside.current = false) };
}
