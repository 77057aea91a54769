/** Reads design tokens as colours that a canvas understands, in the theme that holds where `element` is. */
export function tokenColors(element: HTMLElement): (token: string, opacity?: number) => string {
  return (token, opacity = 1) => {
    const before = element.style.color;
    element.style.color =
      opacity === 1 ? `var(${token})` : `color-mix(in srgb, var(${token}) ${opacity * 100}%, transparent)`;
    const { color } = getComputedStyle(element);
    element.style.color = before;
    return color;
  };
}
