/** White space and comments, which may stand between the words of an import. */
const gap = /(?:\s|\/\*.*?\*\/|\/\/[^\n]*\n)*/.source;
const quoted = /'([^'\n]+)'|"([^"\n]+)"/.source;
const inBackticks = /`([^`$\n]+)`/.source;
const literal = `(?:${quoted}|${inBackticks})`;

const imports = new RegExp(
  `\\b(?:from|import|require)${gap}(?:${quoted}|\\(${gap}${literal}${gap}[,)])`,
  'gs',
);
const computed = new RegExp(`(?<![.\\w])(?:import|require)${gap}\\((?!${gap}${literal}${gap}[,)])`, 's');
const ofTypes = new RegExp(`\\b(?:import|export)\\s+type\\b[^;'"]*?\\bfrom\\s*(?:${quoted})`, 'g');

/**
 * Every module a source names: imports, re-exports, types, `import()`. It reads text, not syntax, so words in a comment
 * or a string can look like an import: it may name a module too many, never one too few.
 */
export function importsOf(source: string): string[] {
  return [...source.matchAll(imports)].map(([, ...names]) => names.find((name) => name !== undefined) ?? '');
}

/** Without those of types, which are gone when the code runs. */
export function importsAtRunTime(source: string): string[] {
  return importsOf(source.replace(ofTypes, ''));
}

/** An `import()` of a name that is only known when it runs cannot be judged. */
export function hasComputedImport(source: string): boolean {
  return computed.test(source);
}
