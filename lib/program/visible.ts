/**
 * Shows what could steer a terminal or turn text around: C0 (but line feed and tab), C1, ESC and
 * bidirectional marks become `\u…`. Source: security.md, row terminal.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
