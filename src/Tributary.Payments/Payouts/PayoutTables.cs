using Tributary.Storage.Relational;

namespace Tributary.Payments.Payouts;

/// <summary>The tables of payouts. A step that was released is never changed.</summary>
public static class PayoutTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "payouts";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "payouts", """
            CREATE TABLE payouts (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              status TEXT NOT NULL,
              is_automatic BIGINT NOT NULL,
              created_us BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX payouts_by_store ON payouts (store_id, is_live, created_us, id)
            """),
    ];
}
