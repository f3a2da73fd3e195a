import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** One open database with its prepared statements, each kept for the next use. */
export class SqliteSession {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The first row, if there is one. */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  /** Runs statements that are needed once, such as those of the schema. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs `body` between `begin` and a commit; when it throws, nothing of it stays. */
  transact<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: (session: SqliteSession) => T): T {
    this.run(begin);
    try {
      const result = body(this);
      this.run('COMMIT');
      return result;
    } catch (error) {
      // On some errors, such as a full disk, SQLite has rolled back already.
      if (this.#database.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  /** Finalizes the statements and closes the file. */
  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
