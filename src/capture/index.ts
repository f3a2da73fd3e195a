export { type CaptureOptions, capture, type Survey, survey } from './capture.ts';
export { captureSource, type SourceChoices } from './text/source.ts';
export { readSourceFiles } from './text/source-files.ts';
export type { SourceLanguage, SourceText } from './text/source-text.ts';
