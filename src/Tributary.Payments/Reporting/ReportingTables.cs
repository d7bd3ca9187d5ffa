using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>Tables that make figures quick to read; all of it follows from what the payment core wrote. A step that was released is never changed.</summary>
public static class ReportingTables
{
    /// <summary>The module's name among the migrations; its tables stand beside those of the payment core.</summary>
    public const string Module = "reporting";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "money by day", """
            CREATE TABLE reported_payments (
              intent_id TEXT NOT NULL PRIMARY KEY,
              day BIGINT NOT NULL,
              currency TEXT NOT NULL,
              amount BIGINT NOT NULL)
            ;
            CREATE TABLE daily_totals (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              day BIGINT NOT NULL,
              currency TEXT NOT NULL,
              payments BIGINT NOT NULL,
              amount BIGINT NOT NULL,
              PRIMARY KEY (store_id, is_live, day, currency))
            ;
            CREATE TABLE reporting_cursor (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
        new(2, "reported payments by their names alone", """
            ALTER TABLE reported_payments RENAME TO reported_payments_before
            ;
            CREATE TABLE reported_payments (
              intent_id TEXT NOT NULL PRIMARY KEY,
              day BIGINT NOT NULL,
              currency TEXT NOT NULL,
              amount BIGINT NOT NULL) {clustered}
            ;
            INSERT INTO reported_payments (intent_id, day, currency, amount) SELECT intent_id, day, currency, amount FROM reported_payments_before
            ;
            DROP TABLE reported_payments_before
            """),
    ];
}
