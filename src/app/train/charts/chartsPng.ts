import { tokenColors } from './tokenColors.ts';

/** All charts inside an element as one image, as they are arranged on the page, with their titles. */
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
  const family = getComputedStyle(container).fontFamily;
  context.textBaseline = 'middle';
  const write = (element: Element | null, ink: string): void => {
    if (!element?.textContent) return;
    const { left, top, height } = element.getBoundingClientRect();
    context.fillStyle = color(ink);
    context.fillText(element.textContent, left, top + height / 2);
  };
  for (const chart of container.querySelectorAll('figure')) {
    context.font = `600 13px ${family}`;
    write(chart.querySelector('figcaption span'), '--ink');
    context.font = `13px ${family}`;
    const plotted = chart.querySelector('canvas');
    if (plotted) {
      const { left, top, width, height } = plotted.getBoundingClientRect();
      context.drawImage(plotted, left, top, width, height);
    }
    for (const key of chart.querySelectorAll('li')) drawKey(context, key, write);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The charts could not be written as a PNG.'))),
      'image/png',
    );
  });
}

/** An entry of a legend: its line, then its words. */
function drawKey(
  context: CanvasRenderingContext2D,
  key: Element,
  write: (element: Element, ink: string) => void,
): void {
  const line = key.querySelector('path');
  const words = key.querySelector('[data-name]');
  if (!line || !words) return;
  const { left, top, width, height } = line.ownerSVGElement!.getBoundingClientRect();
  const { stroke, strokeDasharray } = getComputedStyle(line);
  context.strokeStyle = stroke;
  context.lineWidth = 2;
  context.setLineDash(strokeDasharray === 'none' ? [] : strokeDasharray.split(',').map(Number.parseFloat));
  context.beginPath();
  context.moveTo(left, top + height / 2);
  context.lineTo(left + width, top + height / 2);
  context.stroke();
  context.setLineDash([]);
  write(words, '--ink-quiet');
}
