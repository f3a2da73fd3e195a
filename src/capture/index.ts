export { capture, type Survey, survey } from './capture.ts';
export { captureSource, type SourceChoices } from './source.ts';
export type { SourceLanguage, SourceText } from './source-text.ts';
