import type { Size } from './viewport.ts';

/** Space around the images of a grid, pixels. */
export interface GridSpace {
  readonly gap: number;
  /** Of the words under each image. */
  readonly caption: number;
}

/** The number of columns in which `count` images of one size are shown largest; fewer rather than more where it is the same. */
export function gridColumns(count: number, image: Size, room: Size, { gap, caption }: GridSpace): number {
  let best = { columns: 1, scale: -Infinity };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = columnWidth(columns, room, gap);
    const height = (room.height - gap * (rows - 1)) / rows - caption;
    const scale = Math.min(width / image.width, height / image.height);
    if (scale > best.scale * 1.0001) best = { columns, scale };
  }
  return best.columns;
}

/** How tall an image is that is as wide as its column, whole pixels: more would keep the words under it away from it. */
export function tallestImage(columns: number, image: Size, room: Size, gap: number): number {
  return Math.ceil((columnWidth(columns, room, gap) * image.height) / image.width);
}

function columnWidth(columns: number, { width }: Size, gap: number): number {
  return (width - gap * (columns - 1)) / columns;
}
