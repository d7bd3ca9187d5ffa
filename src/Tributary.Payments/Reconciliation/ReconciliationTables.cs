using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>The tables of reconciliation. A step that was released is never changed.</summary>
public static class ReconciliationTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "reconciliation";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "the switch of outgoing money", """
            CREATE TABLE outgoing_switch (
              id BIGINT NOT NULL PRIMARY KEY,
              reason TEXT NOT NULL,
              at BIGINT NOT NULL)
            """),
        new(2, "the operator's own money, payments that the node has sent", """
            CREATE TABLE operator_entries (
              subject TEXT NOT NULL,
              account TEXT NOT NULL,
              amount BIGINT NOT NULL,
              PRIMARY KEY (subject, account))
            ;
            CREATE TABLE node_payments (
              payment_hash TEXT NOT NULL PRIMARY KEY,
              sequence BIGINT NOT NULL,
              amount BIGINT NOT NULL,
              fee BIGINT NOT NULL)
            ;
            CREATE TABLE reconciliation_cursors (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
    ];
}
