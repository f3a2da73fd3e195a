import { hostname, userInfo } from 'node:os';

/** Who pushes, for the log: `$SCATTER_AUTHOR`, else `user@host`. */
export function currentAuthor(): string {
  return process.env['SCATTER_AUTHOR'] || `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A uid without an entry in the system's list of users, as containers have it.
    return `uid-${process.getuid?.() ?? String(error)}`;
  }
}
