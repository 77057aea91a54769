import { afterEach, expect, it } from 'vitest';
import { tokenColors } from './tokenColors.ts';

afterEach(() => document.body.replaceChildren());

it.each(['', '* { transition-duration: 1s !important; }'])('reads tokens with opacity under the style %j', (rule) => {
  document.body.innerHTML = `<style>${rule}</style><div style="--ink: #102030; --accent: #ff8000; color: #102030"></div>`;
  const element = document.querySelector('div')!;
  getComputedStyle(element).getPropertyValue('color');
  const color = tokenColors(element);
  expect(color('--accent')).toBe('rgb(255, 128, 0)');
  expect(color('--accent', 0.5)).toMatch(/^color\(srgb 1 0\.5\d* 0 \/ 0\.5\)$/);
  expect(element.style.color).toBe('rgb(16, 32, 48)');
});
