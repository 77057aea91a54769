export const ROOT: string;
export function requireNode(): void;
export function ensureInstalled(): void;
export function ensureBuilt(): void;
