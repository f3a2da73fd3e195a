export { type CaptureOptions, capture, type Survey, survey } from './capture.ts';
export { captureSource, type SourceChoices } from './source.ts';
export { readSourceFiles } from './source-files.ts';
export type { SourceLanguage, SourceText } from './source-text.ts';
