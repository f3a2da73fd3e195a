export { capture, type Survey, survey } from './capture.ts';
