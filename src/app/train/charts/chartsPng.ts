import { tokenColors } from './tokenColors.ts';

/** All charts inside an element as one picture, as they are arranged on the page, with their titles. */
export async function chartsAsPng(container: HTMLElement): Promise<Blob> {
  const frame = container.getBoundingClientRect();
  const scale = Math.max(2, devicePixelRatio);
  const margin = 16;
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((frame.width + 2 * margin) * scale);
  canvas.height = Math.ceil((frame.height + 2 * margin) * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw the charts on.');
  const color = tokenColors(container);
  context.scale(scale, scale);
  context.fillStyle = color('--ground');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(margin - frame.left, margin - frame.top);
  context.font = `600 13px ${getComputedStyle(container).fontFamily}`;
  context.textBaseline = 'middle';
  context.fillStyle = color('--ink');
  for (const chart of container.querySelectorAll('figure')) {
    const title = chart.querySelector('figcaption span');
    const plotted = chart.querySelector('canvas');
    if (!title || !plotted) continue;
    const at = title.getBoundingClientRect();
    context.fillText(title.textContent ?? '', at.left, at.top + at.height / 2);
    const { left, top, width, height } = plotted.getBoundingClientRect();
    context.drawImage(plotted, left, top, width, height);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The charts could not be written as a PNG.'))), 'image/png');
  });
}
