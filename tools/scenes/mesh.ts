/** Red, green, blue of linear light; or a point or direction in metres: x right, y up, z away from the camera. */
export type Triple = readonly [number, number, number];

/** What a surface is like where a ray meets it. Written by a material, read by the tracer. */
export interface Surface {
  r: number;
  g: number;
  b: number;
  /** Share of mirrored light seen straight on, 0..1; more at a flat angle. */
  mirror: number;
  /** Spread of the mirrored light, 0 sharp. */
  rough: number;
  /** Light of its own. */
  glowR: number;
  glowG: number;
  glowB: number;
  /** Share of scattered light that comes through from behind (leaves, awnings), 0..1. */
  through: number;
  /** Added to the normal before it is made a unit again. */
  tiltX: number;
  tiltY: number;
  tiltZ: number;
}

/** Paints a point of a surface; `tag` is the triangle's own number, `distance` that of the eye. */
export type Material = (
  out: Surface,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  tag: number,
  distance: number,
) => void;

const chunk = 1 << 16;

/** Triangles with materials, as flat arrays that grow. */
export class Mesh {
  /** Nine numbers a triangle: a corner and two edges. */
  points = new Float32Array(9 * chunk);
  /** Nine numbers a triangle: the normals at its corners. */
  normals = new Float32Array(9 * chunk);
  materials = new Uint8Array(chunk);
  tags = new Float32Array(chunk);
  count = 0;
  readonly palette: Material[] = [];

  /** Registers a material and gives its number. */
  paint(material: Material): number {
    return this.palette.push(material) - 1;
  }

  /** A triangle; normals at the corners are those of its plane unless given (nine numbers). */
  triangle(a: Triple, b: Triple, c: Triple, material: number, tag = 0, normals?: readonly number[]): void {
    if (this.count === this.materials.length) this.grow();
    const p = this.count * 9;
    const e = [b[0] - a[0], b[1] - a[1], b[2] - a[2], c[0] - a[0], c[1] - a[1], c[2] - a[2]] as const;
    this.points.set([a[0], a[1], a[2], ...e], p);
    if (normals) this.normals.set(normals, p);
    else {
      const n = [e[1] * e[5] - e[2] * e[4], e[2] * e[3] - e[0] * e[5], e[0] * e[4] - e[1] * e[3]];
      const length = Math.hypot(n[0]!, n[1]!, n[2]!) || 1;
      for (let i = 0; i < 9; i++) this.normals[p + i] = n[i % 3]! / length;
    }
    this.materials[this.count] = material;
    this.tags[this.count] = tag;
    this.count++;
  }

  quad(a: Triple, b: Triple, c: Triple, d: Triple, material: number, tag = 0): void {
    this.triangle(a, b, c, material, tag);
    this.triangle(a, c, d, material, tag);
  }

  /** A solid standing on `y`, turned by `turn` radians about its vertical middle line. */
  box(x: number, y: number, z: number, w: number, h: number, d: number, material: number, tag = 0, turn = 0): void {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const at = (i: number, j: number, k: number): Triple => [
      x + (i * w * c + k * d * s) / 2,
      y + j * h,
      z + (k * d * c - i * w * s) / 2,
    ];
    this.quad(at(-1, 0, -1), at(-1, 1, -1), at(1, 1, -1), at(1, 0, -1), material, tag);
    this.quad(at(1, 0, 1), at(1, 1, 1), at(-1, 1, 1), at(-1, 0, 1), material, tag);
    this.quad(at(-1, 0, 1), at(-1, 1, 1), at(-1, 1, -1), at(-1, 0, -1), material, tag);
    this.quad(at(1, 0, -1), at(1, 1, -1), at(1, 1, 1), at(1, 0, 1), material, tag);
    this.quad(at(-1, 1, -1), at(-1, 1, 1), at(1, 1, 1), at(1, 1, -1), material, tag);
    this.quad(at(-1, 0, 1), at(-1, 0, -1), at(1, 0, -1), at(1, 0, 1), material, tag);
  }

  /** A tapering round bar from a to b without caps. */
  bar(a: Triple, b: Triple, ra: number, rb: number, material: number, tag = 0, sides = 8): void {
    const axis = unit([b[0] - a[0], b[1] - a[1], b[2] - a[2]]);
    const u = unit(Math.abs(axis[1]) > 0.9 ? [0, axis[2], -axis[1]] : [axis[2], 0, -axis[0]]);
    const v = cross(axis, u);
    const ring = (i: number): Triple => {
      const [c, s] = [Math.cos((2 * Math.PI * i) / sides), Math.sin((2 * Math.PI * i) / sides)];
      return [u[0] * c + v[0] * s, u[1] * c + v[1] * s, u[2] * c + v[2] * s];
    };
    for (let i = 0; i < sides; i++) {
      const [m, n] = [ring(i), ring(i + 1)];
      const [p, q, r, t] = [along(a, m, ra), along(a, n, ra), along(b, n, rb), along(b, m, rb)];
      this.triangle(p, q, r, material, tag, [...m, ...n, ...n]);
      this.triangle(p, r, t, material, tag, [...m, ...n, ...m]);
    }
  }

  /** A smooth surface through a grid of points, rows × columns, wound so that `at(row, column)` faces −∂row × ∂column. */
  grid(rows: number, columns: number, at: (row: number, column: number) => Triple, material: number, tag = 0): void {
    const p: Triple[] = [];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) p.push(at(i, j));
    const get = (i: number, j: number): Triple => p[clampIndex(i, rows) * columns + clampIndex(j, columns)]!;
    const n = p.map((_, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns];
      const [a, b, c, d] = [get(i + 1, j), get(i - 1, j), get(i, j + 1), get(i, j - 1)];
      return unit(cross([a[0] - b[0], a[1] - b[1], a[2] - b[2]], [c[0] - d[0], c[1] - d[1], c[2] - d[2]]));
    });
    for (let i = 0; i + 1 < rows; i++) {
      for (let j = 0; j + 1 < columns; j++) {
        const [a, b, c, d] = [i * columns + j, (i + 1) * columns + j, (i + 1) * columns + j + 1, i * columns + j + 1];
        this.triangle(p[a]!, p[b]!, p[c]!, material, tag, [...n[a]!, ...n[b]!, ...n[c]!]);
        this.triangle(p[a]!, p[c]!, p[d]!, material, tag, [...n[a]!, ...n[c]!, ...n[d]!]);
      }
    }
  }

  /** An ellipsoid of `rows` × 2·`rows` patches. */
  ball(x: number, y: number, z: number, rx: number, ry: number, rz: number, material: number, tag = 0, rows = 7): void {
    this.grid(
      rows,
      2 * rows,
      (i, j) => {
        const [a, b] = [(Math.PI * i) / (rows - 1), (2 * Math.PI * j) / (2 * rows - 1)];
        return [x + rx * Math.sin(a) * Math.cos(b), y + ry * Math.cos(a), z + rz * Math.sin(a) * Math.sin(b)];
      },
      material,
      tag,
    );
  }

  private grow(): void {
    const size = this.materials.length * 2;
    const longer = <T extends Float32Array | Uint8Array>(old: T, fresh: T): T => (fresh.set(old), fresh);
    this.points = longer(this.points, new Float32Array(9 * size));
    this.normals = longer(this.normals, new Float32Array(9 * size));
    this.materials = longer(this.materials, new Uint8Array(size));
    this.tags = longer(this.tags, new Float32Array(size));
  }
}

export function unit(v: Triple): Triple {
  const length = Math.hypot(v[0], v[1], v[2]) || 1;
  return [v[0] / length, v[1] / length, v[2] / length];
}

export function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function along(a: Triple, d: Triple, t: number): Triple {
  return [a[0] + d[0] * t, a[1] + d[1] * t, a[2] + d[2] * t];
}

function clampIndex(i: number, count: number): number {
  return Math.min(count - 1, Math.max(0, i));
}
