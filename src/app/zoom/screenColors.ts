/**
 * The colour space of a canvas on screen: Display P3 only where the screen shows more than sRGB. Elsewhere nothing is lost, and a browser
 * that composes its page without a graphics adapter shows a canvas in Display P3 in dull colours.
 */
export function screenColors(): PredefinedColorSpace {
  return matchMedia('(color-gamut: p3)').matches ? 'display-p3' : 'srgb';
}
