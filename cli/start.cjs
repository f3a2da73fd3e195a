// A file of its own: what is older than `import()` must not have to parse it.
import('./main.js');
