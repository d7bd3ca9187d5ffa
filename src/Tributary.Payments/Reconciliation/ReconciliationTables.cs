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
    ];
}
