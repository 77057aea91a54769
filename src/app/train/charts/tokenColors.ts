/** Reads design tokens as colours that a canvas understands, in the theme that holds where `element` is. */
export function tokenColors(element: HTMLElement): (token: string, opacity?: number) => string {
  return (token, opacity = 1) => {
    const { style } = element;
    const before = { color: style.color, transition: style.transition };
    // Where motion is reduced everything has a transition, and a colour in transition is still the one before.
    style.transition = 'none';
    style.color = opacity === 1 ? `var(${token})` : `color-mix(in srgb, var(${token}) ${opacity * 100}%, transparent)`;
    const { color } = getComputedStyle(element);
    Object.assign(style, before);
    return color;
  };
}
