using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>How payments that were tried came out, by day; all of it follows from the outbox. A step that was released is never changed.</summary>
public static class OutcomeTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "outcomes";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "outcomes by day", """
            CREATE TABLE payment_outcomes (
              intent_id TEXT NOT NULL PRIMARY KEY,
              day BIGINT NOT NULL,
              outcome TEXT NOT NULL)
            ;
            CREATE TABLE daily_outcomes (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              day BIGINT NOT NULL,
              outcome TEXT NOT NULL,
              payments BIGINT NOT NULL,
              PRIMARY KEY (store_id, is_live, day, outcome))
            ;
            CREATE TABLE outcome_cursor (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
        new(2, "outcomes by their payments' names alone", """
            ALTER TABLE payment_outcomes RENAME TO payment_outcomes_before
            ;
            CREATE TABLE payment_outcomes (
              intent_id TEXT NOT NULL PRIMARY KEY,
              day BIGINT NOT NULL,
              outcome TEXT NOT NULL) {clustered}
            ;
            INSERT INTO payment_outcomes (intent_id, day, outcome) SELECT intent_id, day, outcome FROM payment_outcomes_before
            ;
            DROP TABLE payment_outcomes_before
            """),
    ];
}
